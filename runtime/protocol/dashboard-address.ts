/** Where the dashboard of a document is, in both hosts: `/dashboard/` and the document's path in the workspace. */
const PREFIX = '/dashboard/';

export function isDashboardAddress(pathname: string): boolean {
  return pathname.startsWith(PREFIX) && pathname.length > PREFIX.length;
}

export function dashboardAddress(documentPath: string): string {
  return PREFIX + documentPath.split('/').map(encodeURIComponent).join('/');
}

/** Path of the document; null when it is no address of a dashboard. */
export function documentOfAddress(pathname: string): string | null {
  if (!isDashboardAddress(pathname)) return null;
  try {
    return decodeURIComponent(pathname.slice(PREFIX.length));
  } catch {
    return null;
  }
}
