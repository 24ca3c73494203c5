import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** No call costs more, in micro-units: what is reserved for each. */
export const PRICE_MAX = 20_000

/** A stand-in for an API that has its price: it answers what a call has cost, and keeps a bill for each day. */
export interface PricedServer {
  readonly url: string
  readonly bill: ReadonlyMap<string, number>
  close(): void
}

export async function startPricedServer(today: () => string): Promise<PricedServer> {
  const bill = new Map<string, number>()
  let calls = 0
  const server: Server = createServer((_request, response) => {
    calls += 1
    const cost = 8_000 + ((calls * 7_919) % (PRICE_MAX - 8_000))
    bill.set(today(), (bill.get(today()) ?? 0) + cost)
    setTimeout(() => response.end(JSON.stringify({ answer: 42, cost })), 5)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bill, close: () => server.close() }
}
