/** Type of what is dragged from the palette; its data is the operator's type. */
export const OPERATOR_MIME = 'application/x-millrace-operator';
