/** A number whose digits roll to their new places, as on the boards of stations. */
import type { ReactNode } from 'react';

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

export function RollingNumber({ text }: { readonly text: string }): ReactNode {
  // Counted from the end, so that a number that grows longer keeps its units rolling.
  const characters = [...text];
  return (
    <span className="wall-rolling" role="text" aria-label={text}>
      {characters.map((character, i) => {
        const key = characters.length - i;
        const digit = DIGITS.indexOf(character);
        if (digit < 0) return <span key={key}>{character}</span>;
        return (
          <span key={key} className="wall-digit" aria-hidden>
            <span className="wall-digit-roll" style={{ transform: `translateY(${-digit * 10}%)` }}>
              {DIGITS.map((one) => (
                <span key={one}>{one}</span>
              ))}
            </span>
          </span>
        );
      })}
    </span>
  );
}
