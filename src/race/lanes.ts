import { availableParallelism } from 'node:os'

/** Explorations at once. */
export const LANES = availableParallelism()

/** Called with how many of a part are done, and what the latest was. */
export type Tell = (done: number, of: number, latest: string) => void

/** As many at once as there are processors for, each as one is free; those that failed are left out. */
export async function each<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result | undefined>,
  tell: Tell = () => {},
): Promise<Result[]> {
  const results: (Result | undefined)[] = []
  const waiting = [...items.entries()]
  let done = 0
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, item] = next
      results[at] = await act(item)
      done += 1
      tell(done, items.length, typeof item === 'string' ? item : JSON.stringify(item))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results.filter((result) => result !== undefined)
}
