import { type CostThreadOptions, PriceTable } from '../../src/budget.js'

/** What the model tells of a call that it has answered. */
export interface Answer {
  readonly text: string
  readonly usage: { readonly input: number; readonly output: number }
}

/** Prices for a million tokens, in the currency. In your own code: `await readPrices('prices.yaml')`. */
const prices = new PriceTable({ models: { small: { prices: { input: 0.5, output: 2 } } } })

/** Functions don't cross threads: each thread is given them anew. */
export const forThisThread: CostThreadOptions = {
  prices,
  costOf: (answer) => prices.amountOf('small', { ...(answer as Answer).usage }),
  // Who guards money has to choose: if a rule can't be asked, no call goes.
  onRuleError: 'refuse',
}
