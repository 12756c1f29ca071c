import { ChevronRight } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

interface DisclosureProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}

/** A section that folds; what is folded away is not rendered. */
export function Disclosure({ title, icon, isOpenAtFirst = false, children }: DisclosureProps): ReactNode {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const id = useId();
  return (
    <section className="inspector-section">
      <button
        type="button"
        className="inspector-section-head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={13} aria-hidden className="inspector-chevron" />
        {icon}
        {title}
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  );
}
