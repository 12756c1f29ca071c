/** Entry of the dashboard's own page: its address names the document. */
import { startDashboard } from './dashboard/page/start-dashboard.tsx';

startDashboard();
