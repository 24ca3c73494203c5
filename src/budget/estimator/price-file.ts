import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { ConfigurationError } from '../../breaker/errors.js'
import { type Prices, PriceTable } from './prices.js'

/** Reads prices from a file, YAML or JSON by its ending. Rejects with a `ConfigurationError` that names the file or the field. */
export async function readPrices(path: string): Promise<PriceTable> {
  const parse = await parserFor(path)
  let prices: Prices
  try {
    prices = parse(await readFile(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError('prices', path, `a file that can be read: ${reason}`)
  }
  return new PriceTable(prices)
}

async function parserFor(path: string): Promise<(text: string) => Prices> {
  switch (extname(path)) {
    case '.json':
      return JSON.parse
    case '.yaml':
    case '.yml':
      return (await import('yaml')).parse
    default:
      throw new ConfigurationError('prices', path, 'a file that ends in .yaml, .yml or .json')
  }
}
