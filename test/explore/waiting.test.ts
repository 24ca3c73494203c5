import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Cells } from '../../src/memory/cells.js'

const FOREVER = Number.POSITIVE_INFINITY
const exhaustive = ['dpor', 'stateful', 'preemption-bounded'] as const

/** Drepper's second mutex (2011): 0 free, 1 held, 2 held and somebody may wait. */
function lock(cells: Cells): void {
  let found = cells.compareExchange(0, 0, 1)
  while (found !== 0) {
    if (found === 2 || cells.compareExchange(0, 1, 2) !== 0) cells.wait(0, 2, FOREVER)
    found = cells.compareExchange(0, 0, 2)
  }
}

function unlock(cells: Cells): void {
  if (cells.sub(0, 1) === 1) return
  cells.store(0, 0)
  cells.notify(0, 1)
}

const critical = (cells: Cells) => {
  lock(cells)
  cells.store(1, cells.load(1) + 1)
  unlock(cells)
}

describe('wait and notify', () => {
  it('make a mutex that is right, in every interleaving', () => {
    for (const strategy of ['dpor', 'stateful'] as const) {
      const { verdict, exhausted, outcomes } = explore({ cells: 2, threads: [critical, critical, critical], strategy })
      expect([verdict, exhausted]).to.deep.equal(['valid', true])
      expect([...outcomes.keys()]).to.deep.equal(['[0, 3]'])
    }
  }).timeout(30_000)

  it('of a mutex that forgets to notify are a deadlock', () => {
    const forgets = (cells: Cells) => {
      lock(cells)
      cells.store(0, 0)
    }
    for (const strategy of exhaustive) {
      const { failure } = explore({ cells: 1, threads: [forgets, forgets], strategy })
      expect(failure?.kind).to.equal('deadlock')
      expect(failure?.reason).to.match(/thread [01] waits on 0, and nobody is left to notify it/)
    }
  })

  it('give every result that they may: woken, too late, and not equal', () => {
    const waits = (cells: Cells) => cells.wait(0, 0, 10)
    const wakes = (cells: Cells) => {
      const woken = cells.notify(0, 1)
      cells.store(0, 1)
      return woken
    }
    const outcomes = exhaustive.map((strategy) =>
      [...explore({ cells: 1, threads: [waits, wakes], strategy }).outcomes.keys()].toSorted(),
    )
    expect(outcomes[0]).to.deep.equal([
      '[1] returned ["not-equal", 0]',
      '[1] returned ["ok", 1]',
      '[1] returned ["timed-out", 0]',
    ])
    expect(outcomes[1]).to.deep.equal(outcomes[0])
    expect(outcomes[2]).to.deep.equal(outcomes[0])
  })

  it('of one class are explored once', () => {
    // The notify comes before the wait; or the wait is over before the notify; or the notify ends it.
    const { traces, exhausted } = explore({
      cells: 1,
      threads: [(cells) => cells.wait(0, 0, 10), (cells) => cells.notify(0, 1)],
    })
    expect({ traces, exhausted }).to.deep.equal({ traces: 3, exhausted: true })
  })

  it('wake those that wait the longest first, and not more than asked', () => {
    const waits = (order: number) => (cells: Cells) => {
      while (cells.load(1) !== order);
      cells.add(1, 1)
      const end = cells.wait(0, 0, 1000)
      return [order, end]
    }
    const wakes = (cells: Cells) => {
      while (cells.load(1) !== 2);
      return cells.notify(0, 1)
    }
    const { verdict, outcomes } = explore({ cells: 2, threads: [waits(0), waits(1), wakes], strategy: 'stateful' })
    expect(verdict).to.equal('valid')
    const woken = [...outcomes.keys()].map((text) => text.match(/"ok"/g)?.length ?? 0)
    expect(Math.max(...woken)).to.equal(1)
    const second = [...outcomes.keys()].filter((text) => text.includes('[1,"ok"]'))
    // The second is woken only where the first had not begun to wait, or had given up.
    for (const text of second) expect(text).to.include('[0,"timed-out"]')
  })

  it('wake all of a cell, and none of another', () => {
    const waits = (cell: number) => (cells: Cells) => cells.wait(cell, 0, 1000)
    const threads = [waits(0), waits(0), waits(1), (cells: Cells) => cells.notify(0, FOREVER)]
    const { outcomes } = explore({ cells: 2, threads, strategy: 'stateful' })
    const texts = [...outcomes.keys()]
    expect(texts).to.include('[0, 0] returned ["ok", "ok", "timed-out", 2]')
    for (const text of texts) expect(text).to.not.match(/returned \[[^\]]*, [^\]]*, "ok"/)
  })

  it('of a thread that dies as it waits leave nobody to notify', () => {
    const threads = [(cells: Cells) => cells.wait(0, 0, FOREVER), (cells: Cells) => cells.notify(0, 1)]
    const { failure } = explore({ cells: 1, threads, deaths: 1, strategy: 'stateful', check: () => undefined })
    expect(failure?.kind).to.equal('deadlock')
    const { outcomes } = explore({
      cells: 1,
      threads: [(cells) => cells.wait(0, 0, 10), (cells) => cells.notify(0, 1)],
      deaths: 1,
    })
    expect([...outcomes.keys()]).to.include.members(['[0] returned [died, 0]', '[0] returned [died, 1]'])
  })
})
