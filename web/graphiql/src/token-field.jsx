import { useState } from 'react';

/** The bearer token for every operation of this tab: applied on Enter or when the field is left. */
export function TokenField({ token, onChange }) {
  const [text, setText] = useState(token);
  const apply = () => {
    if (text.trim() !== token) onChange(text.trim());
  };
  return (
    <form className="token-field" onSubmit={(event) => { event.preventDefault(); apply(); }}>
      <label htmlFor="token">Token</label>
      <input id="token" type="password" autoComplete="off" spellCheck={false} placeholder="npx tributary token alice"
        value={text} onChange={(event) => setText(event.target.value)} onBlur={apply} />
    </form>
  );
}
