import { TriangleAlert } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { t } from './i18n/index.ts';

interface State {
  readonly error: Error | null;
}

/** A panel that fails takes down only itself. */
export class PanelBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <EmptyState
        icon={<TriangleAlert size={20} />}
        title={t('app:panelFailed')}
        hint={error.message}
        actions={<Button onClick={() => this.setState({ error: null })}>{t('app:tryAgain')}</Button>}
      />
    );
  }
}
