import type { Machine } from './machine/machine.js'
import { Kind } from './machine/operation.js'

/**
 * How many interleavings a fully explored program has, if that follows from the number of each thread's operations alone: every thread
 * makes equally many whatever they return, and none waits, spins, dies or draws. Then it is the multinomial of these numbers.
 */
export function interleavingsOf(machine: Machine): bigint | undefined {
  const { trie } = machine
  if (machine.mostDeaths > 0 || machine.spinning.found > 0) return undefined
  const lengths = new Map<number, number>()
  for (let node = 0; node < trie.nodes; node++) {
    const kind = trie.kind[node] as number
    if (kind === Kind.wait || kind === Kind.random || kind === Kind.awaitDeath) return undefined
    if (kind < Kind.done) continue
    const thread = trie.threadOf(node)
    const length = trie.length[node] as number
    if ((lengths.get(thread) ?? length) !== length) return undefined
    lengths.set(thread, length)
  }
  let ways = 1n
  let placed = 0n
  for (const length of lengths.values()) {
    for (let step = 1n; step <= BigInt(length); step++) {
      placed += 1n
      ways = (ways * placed) / step
    }
  }
  return ways
}
