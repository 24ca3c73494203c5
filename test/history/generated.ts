import type { History, Operation } from '../../src/history/history.js'
import type { Random } from '../../src/world/random.js'
import type { Kind } from './kinds.js'
import { shuffled, whole } from './operations.js'

export interface Size {
  readonly clients: number
  readonly operations: number
}

/** An operation on its way: called, then applied at one instant, then returned. */
interface Draft<Action, Result> {
  readonly thread: number
  readonly action: Action
  readonly called: number
  applied?: { readonly result: Result }
  returned?: number
}

interface Client<Action, Result> {
  thread: number
  draft?: Draft<Action, Result> | undefined
}

/** No more than so many operations never return: each doubles what the checker has to think of. */
const pendingMax = 3

/**
 * A history that is valid by construction: its operations were applied to a real object at an instant between call and
 * return, and give what that gave. Some clients die under way, before that instant or after it, and another comes in their
 * place. Some events share a moment, which only makes operations overlap that did not. In no order.
 */
export function validHistory<State, Action, Result>(
  kind: Kind<State, Action, Result>,
  { clients, operations }: Size,
  random: Random,
): History<Action, Result> {
  const object = kind.make()
  const drafts: Draft<Action, Result>[] = []
  const alive = Array.from({ length: clients }, (_, thread): Client<Action, Result> => ({ thread }))
  let threads = clients
  let deaths = 0
  let time = 0

  const advance = (client: Client<Action, Result>) => {
    const { draft } = client
    if (!draft) {
      const action = object.choose(random, drafts.length + 1)
      drafts.push({ thread: client.thread, action, called: time })
      client.draft = drafts.at(-1)
    } else if (deaths < pendingMax && random.next() < 0.03) {
      deaths += 1
      client.thread = threads++
      client.draft = undefined
    } else if (!draft.applied) {
      draft.applied = { result: object.apply(draft.action) }
    } else {
      time = Math.max(time, draft.called + 1)
      draft.returned = time
      client.draft = undefined
    }
  }

  for (;;) {
    const able = drafts.length < operations ? alive : alive.filter(({ draft }) => draft)
    if (able.length === 0) break
    advance(able[whole(random, able.length)] as Client<Action, Result>)
    if (random.next() < 0.8) time += 1
  }
  return shuffled(drafts.map(operationOf), random)
}

function operationOf<Action, Result>({ thread, action, called, applied, returned }: Draft<Action, Result>) {
  const operation: Operation<Action, Result> = { thread, action, called }
  return applied && returned !== undefined ? { ...operation, result: applied.result, returned } : operation
}

/** Makes a valid history invalid for certain by one edit, and names it; undefined if there is no place for any. */
export function editToInvalid<State, Action, Result>(
  { specification, edits }: Kind<State, Action, Result>,
  history: History<Action, Result>,
  random: Random,
): { readonly history: History<Action, Result>; readonly edit: string } | undefined {
  const parts = new Map<unknown, Operation<Action, Result>[]>()
  for (const operation of shuffled(history, random)) {
    const key = specification.partition?.(operation.action)
    parts.set(key, [...(parts.get(key) ?? []), operation])
  }
  for (const [edit, changeOf] of shuffled(Object.entries(edits), random)) {
    for (const part of parts.values()) {
      const change = changeOf(part)
      if (!change) continue
      const edited = history.map((operation) =>
        change.has(operation) ? { ...operation, result: change.get(operation) as Result } : operation,
      )
      return { history: edited, edit }
    }
  }
  return undefined
}
