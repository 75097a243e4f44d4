/** Services beside the internet, with the chance in a thousand that an internet customer has one and its price. */
const EXTRAS = [['OnlineSecurity', 5], ['OnlineBackup', 5], ['DeviceProtection', 5], ['TechSupport', 5], ['StreamingTV', 10], ['StreamingMovies', 10]] as const;
const EXTRA_CHANCE = 434;

/** A file of the shape of the public telco sample: the same columns and about the same mix of services, four a customer. */
export function customersCsv(count: number, prefix: string): string {
  const dice = diceOf(7);
  const lines = [['customerID', 'PhoneService', 'MultipleLines', 'InternetService', ...EXTRAS.map(([column]) => column), 'MonthlyCharges'].join(',')];
  for (let n = 1; n <= count; n += 1) lines.push(lineOf(`${prefix}-${n}`, dice));
  return `${lines.join('\n')}\n`;
}

function lineOf(id: string, dice: () => number): string {
  const internet = dice() < 344 ? 'DSL' : dice() < 670 ? 'Fiber optic' : 'No';
  // Nobody has nothing.
  const hasPhone = internet !== 'DSL' || dice() < 720;
  const hasLines = hasPhone && dice() < 467;
  const extras = EXTRAS.map(([, price]) => ({ price, isTaken: internet !== 'No' && dice() < EXTRA_CHANCE }));
  const list = (hasPhone ? 20 : 0) + (hasLines ? 5 : 0) + { DSL: 25, 'Fiber optic': 50, No: 0 }[internet] + extras.reduce((sum, { price, isTaken }) => sum + (isTaken ? price : 0), 0);
  const cents = list * 100 + (dice() % 900) - 450;
  const texts = extras.map(({ isTaken }) => (internet === 'No' ? 'No internet service' : isTaken ? 'Yes' : 'No'));
  return [id, hasPhone ? 'Yes' : 'No', hasPhone ? (hasLines ? 'Yes' : 'No') : 'No phone service', internet, ...texts, (cents / 100).toFixed(2)].join(',');
}

/** Numbers from 0 to 999, the same ones every time. */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % 1_000;
  };
}
