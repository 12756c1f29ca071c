/** Whether what renders can be seen: a panel behind another tab stays as it is, with what is typed there, but need not keep up with a running job. */
import { createContext } from 'react';

export const ShownContext = createContext(true);
