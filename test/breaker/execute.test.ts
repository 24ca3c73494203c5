import { getEventListeners } from 'node:events'
import { expect } from 'chai'
import { drive, small } from './driver.js'

/** A promise to settle by hand. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((one, other) => {
    resolve = one
    reject = other
  })
  return { promise, resolve, reject }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'resolved',
    (error) => error,
  )
}

describe('execute', () => {
  it('gives what the action gives, sooner or later, and counts it', async () => {
    const { breaker } = drive(small)
    expect(await breaker.execute(() => 'now')).to.equal('now')
    expect(await breaker.execute(async () => 'later')).to.equal('later')
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library is what this is about.
    const foreign = { then: (resolve: (value: string) => void) => resolve('foreign') } as PromiseLike<string>
    expect(await breaker.execute(() => foreign)).to.equal('foreign')
    expect(breaker.snapshot().total).to.include({ success: 3, error: 0 })
  })

  it('rejects with the very error that the action threw or rejected with', async () => {
    const { breaker } = drive(small)
    const error = new Error('down')
    const throwing = () => {
      throw error
    }
    expect(await rejection(breaker.execute(throwing))).to.equal(error)
    expect(await rejection(breaker.execute(() => Promise.reject(error)))).to.equal(error)
    expect(await rejection(breaker.execute(throwing, { timeoutMs: 1000 }))).to.equal(error)
    expect(breaker.snapshot().total).to.include({ success: 0, error: 3 })
  })

  it('refuses without running the action, with all that the caller needs to know', async () => {
    const { breaker, clock, fail } = drive(small)
    fail(4)
    clock.pass(400)
    let ran = false
    const refused = await rejection(breaker.execute(() => (ran = true)))
    expect(ran).to.equal(false)
    expect(refused).to.include({
      name: 'CallNotPermittedError',
      code: 'ERR_CALL_NOT_PERMITTED',
      breaker: 'driven',
      state: 'open',
      retryAfterMs: 600,
    })
    expect(breaker.snapshot().total).to.include({ refused: 1 })
  })

  it('asks the fallback of a refused call alone, and gives what it gives or throws', async () => {
    const { breaker, fail } = drive(small)
    const fallback = (refusal: Error) => `instead of ${refusal.name}`
    const error = new Error('down')
    expect(await rejection(breaker.execute(() => Promise.reject(error), { fallback }))).to.equal(error)
    fail(3)
    expect(await breaker.execute(() => 'never', { fallback })).to.equal('instead of CallNotPermittedError')
    const worse = new Error('no fallback either')
    const failing = () => {
      throw worse
    }
    expect(await rejection(breaker.execute(() => 'never', { fallback: failing }))).to.equal(worse)
    expect(breaker.executeSync(() => 'never', { fallback })).to.equal('instead of CallNotPermittedError')
  })

  it('counts a call that took too long as an error, once, and aborts its signal', async () => {
    const { breaker } = drive({ ...small, timeoutMs: 5 })
    const { promise, resolve } = deferred<string>()
    let given: AbortSignal | undefined
    const error = (await rejection(
      breaker.execute((signal) => {
        given = signal
        return promise
      }),
    )) as Error
    expect(error).to.include({ name: 'CallTimeoutError', code: 'ERR_CALL_TIMEOUT' })
    expect(given?.aborted).to.equal(true)
    expect(given?.reason).to.equal(error)
    resolve('too late')
    await promise
    expect(breaker.snapshot().total).to.include({ success: 0, error: 1, stale: 0 })
  })

  it('lets a call without a timeout take as long as it takes', async () => {
    const { breaker } = drive(small)
    // Any timer of the breaker's that were set for no time at all would be first: it was set before.
    const soon = () => new Promise((resolve) => setTimeout(resolve, 1, 'done'))
    expect(await breaker.execute((_signal) => soon())).to.equal('done')
    expect(await breaker.execute(soon, { timeoutMs: undefined })).to.equal('done')
    expect(breaker.snapshot().total).to.include({ success: 2, error: 0 })
  })

  it('gives an action that names no signal, and has no timeout, none', async () => {
    const { breaker } = drive(small)
    const count = (...given: unknown[]) => given.length
    expect(await breaker.execute(count)).to.equal(0)
    expect(await breaker.execute(count, { timeoutMs: 1000 })).to.equal(1)
  })

  it('keeps the seat of a call that timed out until its action has ended', async () => {
    const { breaker } = drive({ ...small, timeoutMs: 5, maxConcurrentCalls: 1 })
    const { promise, resolve } = deferred<void>()
    await rejection(breaker.execute(() => promise))
    expect(await rejection(breaker.execute(() => 'next'))).to.include({ reason: 'limit' })
    resolve()
    await promise
    await new Promise(setImmediate)
    expect(await breaker.execute(() => 'next')).to.equal('next')
  })

  it('aborts the action for the caller’s reason, and counts what fails after that as ignored', async () => {
    const { breaker } = drive(small)
    const controller = new AbortController()
    const reason = new Error('the client has gone')
    const call = breaker.execute(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: controller.signal },
    )
    controller.abort(reason)
    expect(await rejection(call)).to.equal(reason)
    expect(breaker.snapshot().total).to.include({ ignored: 1, error: 0 })
    const late = breaker.execute(() => 'not run', { signal: controller.signal })
    expect(await rejection(late)).to.equal(reason)
    expect(breaker.snapshot().total).to.deep.include({ success: 0, ignored: 1, refused: 0 })
  })

  it('leaves one listener on a caller’s signal, however many calls follow it', async () => {
    const { breaker } = drive(small)
    const { signal } = new AbortController()
    for (let round = 0; round < 3; round++) {
      const calls = Array.from({ length: 20 }, () => breaker.execute(async () => 'done', { signal }))
      expect(getEventListeners(signal, 'abort')).to.have.length(1)
      await Promise.all(calls)
    }
  })

  it('aborts each call that is under way, and none that has ended', async () => {
    const { breaker } = drive(small)
    const controller = new AbortController()
    const { signal } = controller
    let ended: AbortSignal | undefined
    await breaker.execute((own) => (ended = own), { signal })
    const ends = [deferred<string>(), deferred<string>()]
    const seen: AbortSignal[] = []
    const calls = ends.map(({ promise }) =>
      breaker.execute(
        (own) => {
          seen.push(own)
          return promise
        },
        { signal },
      ),
    )
    controller.abort('gone')
    expect(seen.map((own) => own.reason)).to.deep.equal(['gone', 'gone'])
    expect(ended?.aborted).to.equal(false)
    for (const { resolve } of ends) resolve('finished all the same')
    expect(await Promise.all(calls)).to.deep.equal(['finished all the same', 'finished all the same'])
  })

  for (const timeoutMs of [0, -1, Number.NaN, 2 ** 40]) {
    it(`refuses a timeout of ${timeoutMs} ms before it takes a permission`, async () => {
      const { breaker } = drive({ ...small, maxConcurrentCalls: 1 })
      const error = await rejection(breaker.execute(() => 'not run', { timeoutMs }))
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field: 'timeoutMs' })
      expect(breaker.snapshot()).to.include({ seatsTaken: 0 })
    })
  }
})
