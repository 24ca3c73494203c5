import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { EventKind } from '../../../src/breaker/events/event.js'
import { withdraw } from '../../../src/breaker/events/event-log.js'
import { State } from '../../../src/breaker/life/control-word.js'
import { claimsOfThread, releaseSlot } from '../../../src/breaker/threads/thread-slots.js'
import { End, memory } from './rig.js'
import { type Collection, startThread, type Task } from './telling-thread.js'

const limitMs = 10_000

describe('events on real threads', () => {
  const threads: Worker[] = []

  afterEach(async () => {
    await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
  })

  /** Threads that have said that they are ready. */
  async function start(handle: ReturnType<typeof memory>['handle'], task: Task, count = 1): Promise<Worker[]> {
    const started = Array.from({ length: count }, () => startThread(handle, task))
    threads.push(...started)
    await Promise.all(started.map((thread) => once(thread, task === 'tell' ? 'online' : 'message')))
    return started
  }

  it('wake an idle thread: for transitions, for calls, and for what is rare', async () => {
    const { handle } = memory()
    const end = new End(handle)
    const [idle] = (await start(handle, 'listen')) as [Worker]
    const hear = async (make: () => void) => {
      const message = once(idle, 'message')
      make()
      return (await message)[0]
    }
    for (let round = 0; round < 20; round++) {
      const epoch = round + 1
      expect(await hear(() => end.change(State.open))).to.match(new RegExp(`→ open in epoch ${epoch}$`))
      for (const [type, kind] of Object.entries({ success: 1, stale: 5, 'lease-reclaimed': 6 })) {
        const told = await hear(() => end.log.emit(kind, end.lifecycle.life.life, round, 0))
        expect(told).to.equal(`${type} of thread 0 at ${round}`)
      }
    }
    end.detach()
  })

  it('reach every thread in the same order, each once, however many threads tell at once', async () => {
    const count = 4000
    const { handle } = memory({ slots: 8, events: 16_384 })
    const end = new End(handle)
    const listeners = await start(handle, 'collect', 2)
    const tellers = await start(handle, 'tell', 3)
    const told = tellers.map((thread) => once(thread, 'message'))
    for (const thread of tellers) thread.postMessage(count)
    await Promise.all(told)
    const collected = listeners.map((thread) => once(thread, 'message'))
    end.log.emit(EventKind.threadRestored, end.lifecycle.life.life, 0, -1)
    const [one, other] = (await Promise.all(collected)).map(([message]) => message) as [Collection, Collection]
    expect(one.lost).to.equal(0)
    expect(one.calls.length).to.equal(3 * count)
    expect(one.calls.join() === other.calls.join(), 'the same order').to.equal(true)
    for (const slot of new Set(one.calls.map((call) => call.split(':')[0]))) {
      const numbers = one.calls.filter((call) => call.startsWith(`${slot}:`)).map((call) => Number(call.split(':')[1]))
      expect(numbers.length).to.equal(count)
      expect(
        numbers.every((number, index) => number === index),
        `slot ${slot}`,
      ).to.equal(true)
    }
    end.detach()
  })

  it('are neither stuck nor torn when threads that tell of calls are terminated: heard and lost make up all @stress', async () => {
    const { handle } = memory({ slots: 4, events: 16 })
    const end = new End(handle)
    let heard = 0
    let lost = 0
    let torn = 0
    let onHeard = () => {}
    let onRestored = () => {}
    end.events.on('success', (event) => {
      heard += 1
      lost += event.lost
      if (event.atMs !== event.durationMs) torn += 1
      onHeard()
    })
    end.events.on('thread-restored', () => onRestored())
    for (let kill = 0; kill < 25; kill++) {
      const pair = [startThread(handle, 'tell for ever'), startThread(handle, 'tell for ever')]
      threads.push(...pair)
      const ids = pair.map(({ threadId }) => threadId)
      for (let count = 0; count < 1 + (kill % 7); count++) await new Promise<void>((resolve) => (onHeard = resolve))
      await Promise.all(
        pair.map(async (thread) => {
          const exited = once(thread, 'exit')
          await thread.terminate()
          await exited
        }),
      )
      threads.length = 0
      for (const claim of ids.flatMap((id) => claimsOfThread(end.cells, end.map, id))) {
        releaseSlot(end.cells, end.map, claim, () => withdraw(end.cells, end.map, claim.slot))
      }
      const restored = new Promise<void>((resolve) => (onRestored = resolve))
      end.log.emit(EventKind.threadRestored, end.lifecycle.life.life, 0, -1)
      await restored
      // One more, so that its number says what was lost before it.
      const last = new Promise<void>((resolve) => (onHeard = resolve))
      end.log.emit(EventKind.success, end.lifecycle.life.life, 0, 0)
      await last
      // Of the threads restored this test told while nobody else did, so it heard of each.
      expect(heard + lost + kill + 1, `after ${kill + 1} kills`).to.equal(end.log.head)
    }
    expect(torn).to.equal(0)
    expect(heard).to.be.greaterThan(100)
    end.detach()
    expect(end.wakeAll()).to.equal(0)
  })

  it('keep no process alive, in no thread, however they are listened for', async () => {
    const script = fileURLToPath(new URL('./exits.js', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      timeout: limitMs,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    expect(stdout).to.equal('listening\n')
  })
})
