const KEY = 'tributary.token';

/** The token lives as long as the browser tab: session storage, never local storage. */
export const readToken = () => window.sessionStorage.getItem(KEY) ?? '';

export const writeToken = (token) => {
  if (token === '') window.sessionStorage.removeItem(KEY);
  else window.sessionStorage.setItem(KEY, token);
};
