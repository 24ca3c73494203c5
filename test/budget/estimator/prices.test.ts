import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { readPrices } from '../../../src/budget/estimator/price-file.js'
import { type Prices, PriceTable } from '../../../src/budget/estimator/prices.js'
import { TemporaryFolder } from '../../temporary-folder.js'
import { thrownBy } from '../thrown-by.js'

const table = new PriceTable({
  models: {
    large: { prices: { input: 2.5, output: '10', cachedInput: 0.3 } },
    tiny: { perTokens: 1, prices: { input: 0.00000015 } },
  },
})

describe('a price table', () => {
  it('gives what tokens of each kind cost together, in micro-units', () => {
    expect(table.amountOf('large', { input: 1_000_000, output: 500_000, cachedInput: 100_000 })).to.equal(7_530_000)
    expect(table.amountOf('large', { input: 0 })).to.equal(0)
  })

  it('rounds up once, at the end', () => {
    // 2.5 + 0.3 micro-units.
    expect(table.amountOf('large', { input: 1, cachedInput: 1 })).to.equal(3)
    // 0.15 of one.
    expect(table.amountOf('tiny', { input: 1 })).to.equal(1)
    expect(table.amountOf('tiny', { input: 20 })).to.equal(3)
  })

  it('says nothing of a model or a kind without a price, nor of no tokens', () => {
    expect(table.amountOf('huge', { input: 1 })).to.equal(undefined)
    expect(table.amountOf('large', { input: 1, audio: 1 })).to.equal(undefined)
    expect(table.amountOf('large', { input: 2, audio: 0 })).to.equal(5)
    expect(table.amountOf('large', {})).to.equal(undefined)
  })

  it('is exact, whatever the price and the number of tokens', () => {
    const price = fc.integer({ min: 0, max: 999_999_999 })
    const tokens = fc.integer({ min: 0, max: 2 ** 31 - 1 })
    fc.assert(
      fc.property(price, tokens, price, tokens, (one, ones, other, others) => {
        // Millionths of the currency for a million tokens, written as a decimal.
        const decimal = (units: number) => `${Math.floor(units / 1e6)}.${String(units % 1e6).padStart(6, '0')}`
        const prices = { models: { m: { prices: { one: decimal(one), other: decimal(other) } } } }
        const due = BigInt(one) * BigInt(ones) + BigInt(other) * BigInt(others)
        const amount = new PriceTable(prices).amountOf('m', { one: ones, other: others })
        expect(BigInt(amount ?? -1)).to.equal((due + 999_999n) / 1_000_000n)
      }),
    )
  })

  it('loses no millionth of a micro-unit beside millions of the currency', () => {
    const prices = { models: { m: { prices: { one: 1000, other: '0.000001' } } } }
    expect(new PriceTable(prices).amountOf('m', { one: 2_000_000_000, other: 1 })).to.equal(2_000_000_000_001)
  })

  it('takes no number of tokens that is none, and no cost that is no money', () => {
    for (const input of [-1, 0.5, 2 ** 31, Number.NaN]) {
      expect(() => table.amountOf('large', { input })).to.throw(RangeError, 'tokens.input')
    }
    const dear = new PriceTable({ models: { dear: { perTokens: 1, prices: { input: 9000 } } } })
    expect(() => dear.amountOf('dear', { input: 2 ** 30 })).to.throw(RangeError, 'cost more than')
  })

  const model = (over: object) => ({ models: { m: { prices: { input: 1 }, ...over } } })
  const refused: [field: string, given: unknown, allowed: string][] = [
    ['models', {}, 'prices for each model'],
    ['models', { models: 5 }, 'prices for each model'],
    ['currency', { models: {}, currency: 'EUR' }, 'no field of that name'],
    ['models.m.perTokens', model({ perTokens: 1000 }), '1 or 1000000'],
    ['models.m.prices', model({ prices: 5 }), 'a price for each kind'],
    ['models.m.prices.input', model({ prices: { input: null } }), 'a price'],
    ['models.m.prices.input', model({ prices: { input: -1 } }), 'a decimal of 0 or more'],
    ['models.m.prices.input', model({ prices: { input: '1,5' } }), 'a decimal of 0 or more'],
    ['models.m.prices.input', model({ prices: { input: 0.0000001 } }), 'at most 6 digits'],
    ['models.m.prices.input', model({ prices: { input: 1e30 } }), 'a decimal of 0 or more'],
    ['models.m.prices.input', model({ perTokens: 1, prices: { input: 1e-13 } }), 'at most 12 digits'],
  ]
  for (const [field, given, allowed] of refused) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      const error = thrownBy(() => new PriceTable(given as Prices))
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field })
      expect(error.message).to.contain(allowed)
    })
  }
})

describe('a file of prices', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  const rejection = (path: string) =>
    readPrices(path).then(
      () => undefined,
      (error: unknown) => error as Error & Record<string, unknown>,
    )

  it('is YAML or JSON', async () => {
    const yaml = await folder.write('prices.yaml', 'models:\n  large: # per million\n    prices: { input: 2.5 }\n')
    const json = await folder.write('prices.json', '{"models":{"large":{"prices":{"input":"2.5"}}}}')
    for (const path of [yaml, json]) {
      expect((await readPrices(path)).amountOf('large', { input: 4 })).to.equal(10)
    }
  })

  it('is refused by its field, or by its path', async () => {
    const wrong = await folder.write('wrong.yml', 'models:\n  large:\n    prices: { input: free }\n')
    expect(await rejection(wrong)).to.include({ code: 'ERR_CONFIGURATION', field: 'models.large.prices.input' })
    const broken = await folder.write('broken.json', '{')
    const missing = join(folder.path, 'missing.yaml')
    const text = await folder.write('prices.txt', '')
    for (const path of [broken, missing, text]) {
      expect(await rejection(path), path).to.include({ code: 'ERR_CONFIGURATION', field: 'prices', value: path })
    }
  })
})
