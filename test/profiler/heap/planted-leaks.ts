import { EventEmitter, setMaxListeners } from 'node:events'
import { MessageChannel } from 'node:worker_threads'

/** Things that leak, each in a field of its own; the tests ask for these names. */
export class Request {
  readonly body: object

  constructor(readonly number: number) {
    this.body = { number }
  }
}

interface Leak {
  call(number: number): void
}

class ArrayLeak implements Leak {
  readonly calls: Request[] = []

  call(number: number): void {
    this.calls.push(new Request(number))
  }
}

class ListenerLeak implements Leak {
  readonly emitter = new EventEmitter().setMaxListeners(0)

  call(number: number): void {
    this.emitter.on('data', () => number)
  }
}

class EventTargetLeak implements Leak {
  readonly signal = new AbortController().signal

  constructor() {
    setMaxListeners(0, this.signal)
  }

  call(number: number): void {
    this.signal.addEventListener('abort', () => number)
  }
}

class ChainLeak implements Leak {
  previous: () => unknown = () => 0

  call(): void {
    const before = this.previous
    this.previous = () => before
  }
}

class MapLeak implements Leak {
  readonly #byRequest = new Map<string, Request>()

  call(number: number): void {
    this.#byRequest.set(`request ${number}`, new Request(number))
  }
}

class DictionaryLeak implements Leak {
  readonly byName: Record<string, Request> = {}

  call(number: number): void {
    this.byName[`request${number}`] = new Request(number)
  }
}

class WeakMapLeak implements Leak {
  readonly keys: object[] = []
  readonly #requests = new WeakMap<object, Request>()

  call(number: number): void {
    const key = {}
    this.keys.push(key)
    this.#requests.set(key, new Request(number))
  }
}

class TimerLeak implements Leak {
  call(number: number): void {
    setTimeout(function neverCleared() {
      return number
    }, 2 ** 30).unref()
  }
}

class PromiseLeak implements Leak {
  readonly waiting: ((value: unknown) => void)[] = []

  call(): void {
    void this.#neverSettled()
  }

  async #neverSettled(): Promise<void> {
    await new Promise((resolve) => this.waiting.push(resolve))
  }
}

class RopeLeak implements Leak {
  log = 'log'

  call(number: number): void {
    this.log += `, call number ${number}`
  }
}

class ListLeak implements Leak {
  head: object | undefined

  call(number: number): void {
    this.head = { number, next: this.head }
  }
}

class BufferLeak implements Leak {
  readonly buffers: ArrayBuffer[] = []

  call(): void {
    this.buffers.push(new ArrayBuffer(512))
  }
}

class PortLeak implements Leak {
  readonly ports: unknown[] = []

  call(number: number): void {
    if (number % 20 === 0) this.ports.push(new MessageChannel().port1)
  }
}

const ofModule: Request[] = []

class VariableLeak implements Leak {
  call(number: number): void {
    ofModule.push(new Request(number))
  }
}

/** Always new, never more. */
class Ring implements Leak {
  readonly slots: Request[] = []

  call(number: number): void {
    this.slots[number % 100] = new Request(number)
  }
}

export function plantedLeaks(): Leak[] {
  return [
    new ArrayLeak(),
    new ListenerLeak(),
    new EventTargetLeak(),
    new ChainLeak(),
    new MapLeak(),
    new DictionaryLeak(),
    new WeakMapLeak(),
    new TimerLeak(),
    new PromiseLeak(),
    new RopeLeak(),
    new ListLeak(),
    new BufferLeak(),
    new PortLeak(),
    new VariableLeak(),
    new Ring(),
  ]
}
