import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import { CostCircuitBreaker, type CostHandle } from '../../src/budget.js'
import { type Answer, forThisThread } from './costs.js'

export interface Given {
  readonly breaker: CostHandle
  readonly tenant: string
  readonly calls: number
}

const { breaker: handle, tenant, calls } = workerData as Given
const breaker = CostCircuitBreaker.attach(handle, forThisThread)

/** The model, which answers in a millisecond, and shorter than it might. */
async function ask(input: number): Promise<Answer> {
  await sleep(1)
  return { text: 'an answer', usage: { input, output: 500 + (input % 400) } }
}

for (let call = 0; call < calls; call++) {
  const input = 1000 + ((call * 37) % 1000)
  await breaker.execute(() => ask(input), {
    operation: 'ask',
    account: tenant,
    model: 'small',
    // What it may come to at most: so no call costs more than was reserved for it.
    tokens: { input, output: 900 },
    fallback: () => undefined,
  })
}
breaker.detach()
