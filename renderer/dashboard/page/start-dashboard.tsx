import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { documentOfAddress } from '../../../runtime/protocol/dashboard-address.ts';
import '../../app/theme/tokens.css';
import '../../ui/index.css';
import { stayConnected } from './connection.ts';
import { WallPage } from './WallPage.tsx';

/** Shows the dashboard of the document that the page's address names, for as long as the page is open. */
export function startDashboard(): void {
  const path = documentOfAddress(location.pathname);
  const root = document.getElementById('root');
  if (root === null || path === null) throw new Error('the page has no address of a dashboard');
  void stayConnected(path);
  createRoot(root).render(
    <StrictMode>
      <WallPage />
    </StrictMode>,
  );
}
