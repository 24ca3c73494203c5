import { z } from 'zod'
import { ConfigurationError } from '../../breaker/errors.js'

/** What tokens cost. Free names for models and kinds of tokens: nothing is known here of anybody's prices. */
export interface Prices {
  readonly models: Readonly<Record<string, ModelPrices>>
}

export interface ModelPrices {
  /** How many tokens a price is for. Default 1,000,000. */
  readonly perTokens?: 1 | 1_000_000 | undefined
  /**
   * By kind of token, such as `input`, `output`, `cachedInput`, in the currency: a decimal number, or one as text. At most 6 digits after
   * the point for a million tokens, 12 for one.
   */
  readonly prices: Readonly<Record<string, number | string>>
}

/** How many tokens of each kind; whole numbers up to 2³¹ − 1. */
export type Tokens = Readonly<Record<string, number>>

const TOKENS_MAX = 2 ** 31 - 1
const MONEY_MAX = Number.MAX_SAFE_INTEGER
/** Prices are kept as whole millionths of a micro-unit a token. */
const PER_MICRO_UNIT = 1_000_000
const digitsAfterPoint = { 1: 12, 1000000: 6 } as const

const name = z.string().min(1, 'a name that is not empty')
const price = z.union([z.number(), z.string()], { error: 'a price: a number, or one as text' })
const schema = z.strictObject({
  models: z.record(
    name,
    z.strictObject({
      perTokens: z.literal([1, 1_000_000], { error: '1 or 1000000' }).default(1_000_000),
      prices: z.record(name, price, { error: 'a price for each kind of token' }),
    }),
    { error: 'prices for each model' },
  ),
})

/** A price for one token: whole micro-units, and millionths of one. */
interface TokenPrice {
  readonly whole: number
  readonly millionths: number
}

/** Prices, checked, as whole numbers: sums of them are exact. */
export class PriceTable {
  readonly #models = new Map<string, ReadonlyMap<string, TokenPrice>>()

  /** Throws a `ConfigurationError` for the first field that is not allowed. */
  constructor(prices: Prices) {
    const { success, data, error } = schema.safeParse(prices, { reportInput: true })
    if (!success) throw configurationError(error.issues[0])
    for (const [model, { perTokens, prices: kinds }] of Object.entries(data.models)) {
      const priced = Object.entries(kinds).map(([kind, value]) => {
        return [kind, tokenPrice(`models.${model}.prices.${kind}`, value, perTokens)] as const
      })
      this.#models.set(model, new Map(priced))
    }
  }

  /**
   * What so many tokens cost, in micro-units, rounded up once at the end. Undefined if no kind is named, or the model, or a kind that is
   * used, has no price: a sum without it would be too small. Throws a `RangeError` for what is no number of tokens, or too much to be money.
   */
  amountOf(model: string, tokens: Tokens): number | undefined {
    const prices = this.#models.get(model)
    if (!prices || Object.keys(tokens).length === 0) return undefined
    let whole = 0
    let millionths = 0
    for (const [kind, count] of Object.entries(tokens)) {
      if (!Number.isInteger(count) || count < 0 || count > TOKENS_MAX) {
        throw new RangeError(`tokens.${kind} is ${count}; allowed: a whole number from 0 to ${TOKENS_MAX}`)
      }
      if (count === 0) continue
      const each = prices.get(kind)
      if (!each) return undefined
      // Below 2⁵³, as a price has less than a million millionths.
      const parts = count * each.millionths
      whole += count * each.whole + Math.floor(parts / PER_MICRO_UNIT)
      millionths += parts % PER_MICRO_UNIT
    }
    const amount = whole + Math.ceil(millionths / PER_MICRO_UNIT)
    if (amount <= MONEY_MAX) return amount
    throw new RangeError(`these tokens of ${model} cost more than ${MONEY_MAX} micro-units`)
  }
}

function tokenPrice(field: string, value: number | string, perTokens: 1 | 1_000_000): TokenPrice {
  const digits = digitsAfterPoint[perTokens]
  const units = scaled(String(value), digits)
  if (units === undefined) {
    throw new ConfigurationError(field, value, `a decimal of 0 or more, with at most ${digits} digits after the point`)
  }
  return { whole: Math.floor(units / PER_MICRO_UNIT), millionths: units % PER_MICRO_UNIT }
}

/** A decimal times 10 to the power of `digits`, if that is a whole number: digit by digit, so that none is rounded. */
function scaled(decimal: string, digits: number): number | undefined {
  const [, whole, fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,2}))?$/i.exec(decimal.trim()) ?? []
  if (whole === undefined) return undefined
  const all = whole + fraction
  const zeros = digits - fraction.length + Number(exponent)
  const cut = zeros < 0 ? all.slice(zeros) : ''
  const units = Number(zeros < 0 ? all.slice(0, zeros) : all + '0'.repeat(zeros))
  return /[1-9]/.test(cut) || !Number.isSafeInteger(units) ? undefined : units
}

function configurationError(issue: z.core.$ZodIssue | undefined): ConfigurationError {
  if (issue?.code === 'unrecognized_keys') {
    return new ConfigurationError([...issue.path, issue.keys[0]].join('.'), issue.input, 'no field of that name')
  }
  return new ConfigurationError(issue?.path.join('.') || 'prices', issue?.input, issue?.message ?? 'prices')
}
