/** Gives a file to the browser: it goes where downloads go. */
export function download(url: string, name: string): void {
  const link = globalThis.document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

export function downloadText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  download(url, name);
  URL.revokeObjectURL(url);
}
