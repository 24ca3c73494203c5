import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import type { LedgerHandle, LedgerOptions } from '../../../src/budget/ledger/options.js'
import { BudgetExceededError, BudgetLedger, ConfigurationError, LedgerError } from '../../../src/budget.js'
import { FakeClock } from '../../fake-clock.js'

const NOON = Date.UTC(2026, 10, 28, 12)
const HOUR_MS = 3_600_000

function ledgerWith(options: Partial<LedgerOptions> = {}) {
  const clock = new FakeClock(NOON)
  const ledger = BudgetLedger.create({ budgets: [{ per: 'day', limit: 100 }], ...options }, { clock })
  return { clock, ledger, account: ledger.account() }
}

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a ledger', () => {
  let ledgers: BudgetLedger[] = []
  afterEach(() => {
    for (const ledger of ledgers) ledger.detach()
    ledgers = []
  })
  const open = (options?: Partial<LedgerOptions>) => {
    const opened = ledgerWith(options)
    ledgers.push(opened.ledger)
    return opened
  }

  it('refuses what would go beyond a budget, and tells which, how much, and when it begins anew', () => {
    const { account, clock } = open({
      reservationMs: 24 * HOUR_MS,
      budgets: [
        { per: 'total', limit: 1000 },
        { per: 'day', limit: 100 },
      ],
    })
    account.reserve(70)
    const error = thrownBy(() => account.reserve(31)) as BudgetExceededError
    expect(error).to.be.an.instanceOf(BudgetExceededError).and.an.instanceOf(Error)
    expect(error.toJSON()).to.deep.equal({
      name: 'BudgetExceededError',
      code: 'ERR_BUDGET_EXCEEDED',
      message: 'budget "day" of account "default" has no room for 31: 70 of 100 are committed',
      account: 'default',
      budget: 'day',
      requested: 31,
      committed: 70,
      limit: 100,
      freesAtMs: NOON + 12 * HOUR_MS,
      retryAfterMs: 12 * HOUR_MS,
    })
    clock.pass(HOUR_MS)
    expect(error.retryAfterMs).to.equal(11 * HOUR_MS)
    expect(account.tryReserve(31)).to.equal(0)
    expect(account.tryReserve(30)).to.be.above(0)
    expect(account.status().budgets.map(({ committed }) => committed)).to.deep.equal([100, 100])
  })

  it('gives back what was not spent, and the whole of what is released', () => {
    const { account } = open()
    const [one, two] = [account.reserve(60), account.reserve(40)]
    expect(account.settle(one, 25)).to.deep.equal({ inTime: true, overrun: 0 })
    expect(account.release(two)).to.equal(true)
    const [day] = account.status().budgets
    expect(day).to.include({ committed: 25, reserved: 0, spent: 25, overrun: 0, limit: 100, ceiling: 100 })
  })

  it('gives back nothing for what was ended before', () => {
    const { account } = open()
    const id = account.reserve(60)
    account.settle(id, 20)
    expect(account.release(id)).to.equal(false)
    expect(account.settle(id, 5)).to.deep.equal({ inTime: false, overrun: 0 })
    expect(account.status()).to.deep.include({ total: 25 })
    // The same place, used again, is another reservation.
    const next = account.reserve(60)
    expect(account.release(id)).to.equal(false)
    expect(account.release(next)).to.equal(true)
  })

  it('takes back what expires, to the next who asks, and charges a late settlement', () => {
    const { account, clock } = open({ reservationMs: 1000 })
    const id = account.reserve(80)
    clock.pass(900)
    expect(account.tryReserve(50)).to.equal(0)
    clock.pass(200)
    expect(account.tryReserve(50)).to.be.above(0)
    expect(account.settle(id, 70)).to.deep.equal({ inTime: false, overrun: 20 })
    expect(account.status().budgets[0]).to.include({ committed: 100, reserved: 50, spent: 70, overrun: 20 })
  })

  it('charges what expires, if it is told to', () => {
    const { account, clock, ledger } = open({ reservationMs: 1000, expired: 'charge' })
    account.reserve(80)
    clock.pass(1100)
    ledger.expire()
    expect(account.status().budgets[0]).to.include({ committed: 80, reserved: 0, spent: 80 })
  })

  it('begins a day anew at midnight, with what is still reserved', () => {
    const { account, clock } = open({ reservationMs: 24 * HOUR_MS })
    account.settle(account.reserve(60), 60)
    const open1 = account.reserve(40)
    expect(account.tryReserve(1)).to.equal(0)
    clock.pass(12 * HOUR_MS)
    expect(account.tryReserve(61)).to.equal(0)
    const next = account.reserve(60)
    account.settle(open1, 10)
    account.settle(next, 60)
    expect(account.status().budgets[0]).to.include({ committed: 70, spent: 70, periodStartMs: NOON + 12 * HOUR_MS })
    expect(account.status().total).to.equal(130)
  })

  it('keeps amounts above 2³² exactly', () => {
    const limit = Number.MAX_SAFE_INTEGER
    const { account } = open({ budgets: [{ per: 'total', limit }] })
    account.settle(account.reserve(2 ** 40 + 1), 2 ** 40 + 1)
    const id = account.reserve(limit - 2 ** 40 - 1)
    expect(account.tryReserve(1)).to.equal(0)
    expect(account.status().budgets[0]?.committed).to.equal(limit)
    account.settle(id, 2 ** 32)
    expect(account.status().total).to.equal(2 ** 40 + 2 ** 32 + 1)
  })

  it('has budgets for each key, and room for as many as it was made for', () => {
    const { ledger } = open({ accounts: 2 })
    ledger.account('ada').reserve(100)
    expect(ledger.keys()).to.deep.equal(['default', 'ada'])
    expect(ledger.account().tryReserve(100)).to.be.above(0)
    expect(ledger.account('ada')).to.equal(ledger.account('ada'))
    expect(thrownBy(() => ledger.account('bob')))
      .to.be.an.instanceOf(LedgerError)
      .with.property('code', 'ERR_LEDGER_FULL')
  })

  it('says when a thread holds as many reservations as it may', () => {
    const { account } = open({ reservationsPerThread: 4 })
    const held = [1, 2, 3, 4].map((amount) => account.reserve(amount))
    expect(thrownBy(() => account.reserve(1))).to.have.property('code', 'ERR_TOO_MANY_RESERVATIONS')
    account.release(held[2] as number)
    expect(account.tryReserve(1)).to.be.above(0)
  })

  it('is the same to every thread that attaches, and settles what another reserved', () => {
    const { ledger, account, clock } = open()
    const id = account.reserve(90)
    const other = BudgetLedger.attach(ledger.handle, { clock })
    ledgers.push(other)
    expect(other.account().tryReserve(20)).to.equal(0)
    expect(other.account().settle(id, 10)).to.deep.equal({ inTime: true, overrun: 0 })
    const next = other.account().reserve(90)
    expect(account.status()).to.deep.equal(other.account().status())
    expect(account.tryReserve(1)).to.equal(0)
    other.account().release(next)
    // This thread's last look at it was another.
    expect(account.tryReserve(90)).to.be.above(0)
  })

  it('sets what may be committed of this period only', () => {
    const { account, clock } = open({ budgets: [{ per: 'day', limit: 100, opening: 0 }] })
    expect(account.tryReserve(1)).to.equal(0)
    const { period } = account.status().budgets[0] as { period: number }
    expect(account.setCeiling('day', period, 250)).to.equal(true)
    expect(account.status().budgets[0]).to.include({ ceiling: 100 })
    expect(account.restore('day', period, 60)).to.equal(true)
    expect(account.tryReserve(41)).to.equal(0)
    expect(account.tryReserve(40)).to.be.above(0)
    clock.pass(12 * HOUR_MS)
    expect(account.setCeiling('day', period, 100)).to.equal(false)
    expect(account.status().budgets[0]).to.include({ ceiling: 0, committed: 40 })
    expect(() => account.setCeiling('week', period, 1)).to.throw(RangeError, 'week')
  })

  it('attaches to nothing else', () => {
    const { ledger } = open()
    const { handle } = ledger
    const larger = { ...handle.ledger, budgets: [{ ...handle.ledger.budgets[0], limit: 200 }] }
    const wrong: [string, unknown][] = [
      ['ERR_NOT_A_LEDGER', undefined],
      ['ERR_NOT_A_LEDGER', { ...handle, buffer: new SharedArrayBuffer(4096) }],
      ['ERR_NOT_A_LEDGER', { ...handle, ledger: larger }],
    ]
    for (const [code, given] of wrong) {
      expect(thrownBy(() => BudgetLedger.attach(given as LedgerHandle))).to.have.property('code', code)
    }
  })

  it('has room for so many threads', () => {
    const { ledger, clock } = open({ maxThreads: 2 })
    const second = BudgetLedger.attach(ledger.handle, { clock })
    expect(thrownBy(() => BudgetLedger.attach(ledger.handle, { clock }))).to.have.property(
      'code',
      'ERR_TOO_MANY_THREADS',
    )
    second.detach()
    second.detach()
    BudgetLedger.attach(ledger.handle, { clock }).detach()
    expect(thrownBy(() => second.account())).to.have.property('code', 'ERR_DETACHED')
  })

  it('takes back, once it has expired, what a thread that was terminated had reserved', async () => {
    const { ledger, account, clock } = open({ reservationMs: 1000 })
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      import(workerData.face).then(({ BudgetLedger }) => {
        const clock = { nowMs: () => workerData.nowMs }
        BudgetLedger.attach(workerData.handle, { clock }).account().reserve(100)
        parentPort.postMessage('reserved')
        setInterval(() => undefined, 1000)
      })`
    const face = new URL('../../../src/budget.js', import.meta.url).href
    const workerData = { face, handle: ledger.handle, nowMs: NOON }
    const worker = new Worker(source, { eval: true, workerData })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    expect(account.tryReserve(1)).to.equal(0)
    await worker.terminate()
    expect(account.tryReserve(1)).to.equal(0)
    clock.pass(1100)
    expect(account.tryReserve(100)).to.be.above(0)
  })

  it('names the field, the value and what is allowed', () => {
    const day = { per: 'day', limit: 1 } as const
    const wrong: [field: string, options: unknown][] = [
      ['budgets', {}],
      ['budgets', { budgets: [] }],
      ['budgets[0].limit', { budgets: [{ per: 'day', limit: 0.5 }] }],
      ['budgets[0].limit', { budgets: [{ per: 'day', limit: 0 }] }],
      ['budgets[0].opening', { budgets: [{ ...day, opening: 2 }] }],
      ['budgets[0].blocking', { budgets: [{ ...day, blocking: 'no' }] }],
      ['budgets[1].name', { budgets: [day, day] }],
      ['per', { budgets: [{ per: 'week', limit: 1 }] }],
      ['accounts', { budgets: [day], accounts: 0 }],
      ['maxThreads', { budgets: [day], maxThreads: 257 }],
      ['reservationsPerThread', { budgets: [day], reservationsPerThread: 5000 }],
      ['reservationMs', { budgets: [day], reservationMs: 0 }],
      ['expired', { budgets: [day], expired: 'keep' }],
    ]
    for (const [field, options] of wrong) {
      const error = thrownBy(() => BudgetLedger.create(options as LedgerOptions))
      expect(error, field).to.be.an.instanceOf(ConfigurationError)
      expect(error).to.have.property('field', field)
    }
    const { account } = open()
    for (const amount of [-1, 0.5, Number.NaN, 2 ** 53, '1']) {
      expect(() => account.reserve(amount as number)).to.throw(ConfigurationError, 'amount')
      expect(() => account.settle(1, amount as number)).to.throw(ConfigurationError, 'actual')
    }
    for (const id of [-1, 0.5, 1e15, Number.NaN, '1']) {
      expect(() => account.settle(id as number, 1)).to.throw(ConfigurationError, 'reservation')
    }
  })
})
