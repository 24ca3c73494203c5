import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import type { ExhaustionCase, Holder, Operation, Place } from '../../exhaustion-case.js'
import { UsualWork } from '../usual-work.js'

const HOST = '127.0.0.1'
/** Local ports for each call in flight: while nobody holds them, a call soon finds a free one. */
const PORTS_A_CALL = 2

const WORKERS_APART = 2

/** A server that gives back what it gets, and the range of ports from which calls may connect to it. */
class Ports implements Holder {
  /** The server's, then those of the range. */
  readonly ports: readonly number[]
  readonly #server: Server
  readonly #held = new Map<number, Server>()

  private constructor(server: Server, range: readonly number[]) {
    this.#server = server
    this.ports = [portOf(server), ...range]
  }

  /** The system chooses the range: ports that are free now. */
  static async open(count: number): Promise<Ports> {
    const server = createServer((socket) => {
      // A client that is done resets its connection, so that its port is free again at once.
      socket.on('error', () => socket.destroy())
      socket.pipe(socket)
    })
    await listening(server)
    const range: Server[] = []
    while (range.length < count) range.push(await listening(createServer()))
    const ports = range.map(portOf)
    await Promise.all(range.map(closed))
    return new Ports(server, ports)
  }

  get descriptors(): number {
    return this.#held.size
  }

  hold(): void {
    for (const port of this.ports.slice(1)) {
      if (this.#held.has(port)) continue
      const server = createServer()
      this.#held.set(port, server)
      // A port that a call still has is tried again by the next look.
      server.once('error', () => this.#held.delete(port))
      server.listen(port, HOST)
    }
  }

  release(): void {
    for (const server of this.#held.values()) server.close()
    this.#held.clear()
  }

  async close(): Promise<void> {
    this.release()
    await closed(this.#server)
  }
}

/** Connects from the next port of the range that is free; rejects with the system's error once all have been tried. */
class FromPort implements Operation {
  readonly #work: UsualWork
  readonly #serverPort: number
  readonly #range: readonly number[]
  #next: number

  constructor({ folder, ports, slot }: Place) {
    const [serverPort = 0, ...range] = ports
    this.#work = new UsualWork(folder)
    this.#serverPort = serverPort
    this.#range = range
    // Workers begin apart, or all would ask for the same ones.
    this.#next = slot * Math.floor(range.length / WORKERS_APART)
  }

  async run(): Promise<void> {
    await this.#work.run()
    let refused: unknown
    for (const _ of this.#range) {
      const localPort = this.#range[this.#next++ % this.#range.length] ?? 0
      try {
        return await roundTrip(this.#serverPort, localPort)
      } catch (error) {
        refused = error
      }
    }
    throw refused
  }

  async close(): Promise<void> {}
}

async function roundTrip(port: number, localPort: number): Promise<void> {
  const socket = connect({ port, host: HOST, localAddress: HOST, localPort })
  // Whoever waits for the socket is told of its error; once nobody does any more, there is nothing to tell.
  socket.on('error', () => {})
  try {
    await once(socket, 'connect')
    socket.write('?')
    await once(socket, 'data')
  } finally {
    socket.resetAndDestroy()
  }
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, HOST)
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

const sockets: ExhaustionCase = {
  missing: () => undefined,
  open: ({ inFlight }) => Ports.open(inFlight * PORTS_A_CALL),
  operation: (place) => new FromPort(place),
}

export default sockets
