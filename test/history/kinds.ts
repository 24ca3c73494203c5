import type { Specification } from '../../src/history/specification.js'
import type { Random } from '../../src/world/random.js'
import { type Edit, queueEdits, registerEdits, setEdits } from './edits.js'
import { shuffled, whole } from './operations.js'
import type {
  MapAction,
  QueueAction,
  QueueResult,
  RegisterAction,
  RegisterResult,
  SetAction,
} from './specifications.js'
import * as specifications from './specifications.js'

/** An object that is really there: what it does is not taken from its specification. */
export interface RealObject<Action, Result> {
  /** What a client that knows the object would do next. `fresh` is a number that no other action has. */
  choose(random: Random, fresh: number): Action
  apply(action: Action): Result
}

/** A kind of object of which histories are generated, and what makes one of its histories invalid for certain. */
export interface Kind<State, Action, Result> {
  readonly specification: Specification<State, Action, Result>
  readonly edits: Readonly<Record<string, Edit<Action, Result>>>
  /** More at a time would take too long to judge. */
  readonly clientsMax: number
  make(): RealObject<Action, Result>
}

class RealRegister implements RealObject<RegisterAction, RegisterResult> {
  #value = 0

  choose(random: Random, fresh: number): RegisterAction {
    const chance = random.next()
    if (chance < 0.5) return { do: 'read' }
    if (chance < 0.75) return { do: 'write', value: fresh }
    return { do: 'compare-and-set', expected: random.next() < 0.8 ? this.#value : whole(random, fresh), value: fresh }
  }

  apply(action: RegisterAction): RegisterResult {
    if (action.do === 'read') return this.#value
    const succeeds = action.do === 'write' || this.#value === action.expected
    if (succeeds) this.#value = action.value
    return action.do === 'write' ? undefined : succeeds
  }
}

export const registers: Kind<number, RegisterAction, RegisterResult> = {
  specification: specifications.register,
  edits: registerEdits,
  clientsMax: 8,
  make: () => new RealRegister(),
}

class RealMap implements RealObject<MapAction, RegisterResult> {
  readonly #registers: readonly RealRegister[]

  constructor(keys: number) {
    this.#registers = Array.from({ length: keys }, () => new RealRegister())
  }

  choose(random: Random, fresh: number): MapAction {
    const key = whole(random, this.#registers.length)
    return { ...this.#of(key).choose(random, fresh), key }
  }

  apply(action: MapAction): RegisterResult {
    return this.#of(action.key).apply(action)
  }

  #of(key: number): RealRegister {
    return this.#registers[key] as RealRegister
  }
}

export function mapsOf(keys: number): Kind<number, MapAction, RegisterResult> {
  return {
    specification: specifications.mapOfRegisters,
    edits: registerEdits,
    clientsMax: 8,
    make: () => new RealMap(keys),
  }
}

class RealSet implements RealObject<SetAction, boolean> {
  readonly #elements = new Set<number>()

  choose(random: Random): SetAction {
    const [what] = shuffled(['add', 'remove', 'has'] as const, random)
    return { do: what as SetAction['do'], element: whole(random, 4) }
  }

  apply({ do: what, element }: SetAction): boolean {
    const had = this.#elements.has(element)
    if (what === 'add') this.#elements.add(element)
    if (what === 'remove') this.#elements.delete(element)
    return what === 'add' ? !had : had
  }
}

export const sets: Kind<boolean, SetAction, boolean> = {
  specification: specifications.setOfElements,
  edits: setEdits,
  clientsMax: 8,
  make: () => new RealSet(),
}

class RealQueue implements RealObject<QueueAction, QueueResult> {
  readonly #items: number[] = []

  choose(random: Random, fresh: number): QueueAction {
    return random.next() < (this.#items.length < 3 ? 0.5 : 0.2) ? { do: 'enqueue', item: fresh } : { do: 'dequeue' }
  }

  apply(action: QueueAction): QueueResult {
    if (action.do === 'dequeue') return this.#items.shift() ?? 'empty'
    this.#items.push(action.item)
    return undefined
  }
}

/** Every order of enqueues that overlap is a state of its own until their items come out: few clients, and a short queue. */
export const queues: Kind<readonly number[], QueueAction, QueueResult> = {
  specification: specifications.queue,
  edits: queueEdits,
  clientsMax: 4,
  make: () => new RealQueue(),
}
