/** Monaco's colours, taken from the page's tokens whenever the theme changes. */
import type { Theme } from '../app/theme/theme.ts';
import type { Monaco } from './monaco-loader.ts';

export function applyTheme(monaco: Monaco, theme: Theme): void {
  const styles = getComputedStyle(document.documentElement);
  const color = (token: string): string => longHex(styles.getPropertyValue(`--${token}`).trim());
  const rule = (
    token: string,
    name: string,
    fontStyle = '',
  ): { token: string; foreground: string; fontStyle: string } => ({
    token,
    foreground: color(name).slice(1),
    fontStyle,
  });
  const name = `millrace-${theme}`;
  monaco.editor.defineTheme(name, {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('keyword', 'accent'),
      rule('function', 'idle-text'),
      rule('string', 'ok-text'),
      rule('number', 'busy-text'),
      rule('comment', 'faint', 'italic'),
      // Names that SQL has for its own, in a hover: to us they are fields.
      rule('predefined', 'text'),
      rule('delimiter', 'muted'),
      rule('operator', 'muted'),
      rule('parameter', 'pressed-text'),
      // Monaco has its own colours for these: a text in an error's red.
      rule('string.sql', 'ok-text'),
      rule('predefined.sql', 'text'),
      rule('operator.sql', 'muted'),
      rule('string.key.json', 'accent'),
      rule('string.value.json', 'text'),
    ],
    colors: {
      'editor.background': color('bg'),
      'editor.foreground': color('text'),
      'editorCursor.foreground': color('accent'),
      'editorLineNumber.foreground': color('faint'),
      'editorLineNumber.activeForeground': color('muted'),
      'editor.lineHighlightBackground': color('hover'),
      'editorIndentGuide.background1': color('line'),
      'editorPlaceholder.foreground': color('faint'),
      'editorWidget.background': color('raised'),
      'editorWidget.border': color('line-strong'),
      'editorSuggestWidget.background': color('raised'),
      'editorSuggestWidget.border': color('line-strong'),
      'editorSuggestWidget.foreground': color('text'),
      'editorSuggestWidget.selectedBackground': color('selection'),
      'editorSuggestWidget.selectedForeground': color('text'),
      'editorSuggestWidget.highlightForeground': color('accent'),
      'editorSuggestWidget.focusHighlightForeground': color('accent'),
      'editorHoverWidget.background': color('raised'),
      'editorHoverWidget.highlightForeground': color('accent'),
      'editorHoverWidget.border': color('line-strong'),
      'editorError.foreground': color('error'),
      'editorWarning.foreground': color('warn'),
      'editorInfo.foreground': color('idle'),
      focusBorder: color('accent'),
      'scrollbarSlider.background': `${color('faint')}55`,
      'scrollbarSlider.hoverBackground': `${color('faint')}88`,
    },
  });
  monaco.editor.setTheme(name);
}

/** `#abc` → `#aabbcc`: token rules take six digits only. */
function longHex(hex: string): string {
  return /^#[0-9a-f]{3}$/i.test(hex) ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
}
