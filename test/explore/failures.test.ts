import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Program } from '../../src/explore/program.js'
import type { Cells } from '../../src/memory/cells.js'

const increment = (cells: Cells) => cells.store(0, cells.load(0) + 1)
const lostUpdate = {
  cells: 1,
  threads: [increment, increment],
  check: (cells: Cells) => {
    if (cells.load(0) !== 2) throw new Error(`an update was lost: ${cells.load(0)}`)
  },
}

describe('a failure', () => {
  it('is a sentence, a table with values, and the fewest preemptions', () => {
    const { failure } = explore({ ...lostUpdate, nameOfCell: () => 'count' })
    expect(failure).to.deep.include({
      kind: 'check',
      reason: 'check: an update was lost: 1',
      preemptions: 1,
      schedule: 'ab2a',
    })
    expect(failure?.table.split('\n')).to.deep.equal([
      '   thread 0         thread 1',
      '1  load(count) → 0',
      '2                   load(count) → 0',
      '3                   store(count, 1)',
      '4  store(count, 1)',
    ])
  })

  it('is what a check, an invariant or a question about a write tells that writes itself', () => {
    const writes: readonly ((cells: Cells) => unknown)[] = [
      (cells) => cells.store(0, 1),
      (cells) => cells.add(0, 1),
      (cells) => cells.sub(0, 1),
      (cells) => cells.exchange(0, 1),
      (cells) => cells.compareExchange(0, 0, 1),
      (cells) => cells.store64(0, 1n),
      (cells) => cells.add64(0, 1n),
      (cells) => cells.compareExchange64(0, 0n, 1n),
    ]
    for (const write of writes) {
      const of = { cells: 2, threads: [increment] }
      const { failure } = explore({ ...of, check: write as (cells: Cells) => void })
      expect(failure).to.include({ kind: 'check', reason: 'check: cell 0 is only to be read here' })
      expect(explore({ ...of, invariant: write as (cells: Cells) => void }).failure?.kind).to.equal('invariant')
    }
  })

  it('is shown again by its schedule', () => {
    const { failure } = explore(lostUpdate)
    const again = explore({ ...lostUpdate, strategy: 'replay', schedule: failure?.schedule ?? '' })
    expect(again.failure).to.deep.equal(failure)
    expect(explore({ ...lostUpdate, strategy: 'replay', schedule: 'a2b2' }).verdict).to.equal('valid')
  })

  it('of which there is a simpler one is told as that', () => {
    // pct runs into it with many switches; one is enough.
    const many = (cells: Cells) => {
      for (let time = 0; time < 6; time++) cells.load(1)
      increment(cells)
    }
    const { failure } = explore({ ...lostUpdate, cells: 2, threads: [many, many], strategy: 'random', seed: 3 })
    expect(failure?.preemptions).to.equal(1)
  })

  it('of many switches, found by lot, is told by its seed, which is shorter than its schedule', () => {
    const alternates = (own: number) => (cells: Cells) => {
      for (let time = 0; time < 120; time++) if (cells.exchange(0, own) !== own) cells.add(1, 1)
    }
    const often = (cells: Cells) => {
      if (cells.load(1) >= 100) throw new Error('they took turns a hundred times')
    }
    const program = { cells: 2, threads: [alternates(1), alternates(2)], check: often, seed: 5 }
    const { failure } = explore({ ...program, strategy: 'random' })
    expect(failure?.schedule.length).to.be.above(200)
    expect(failure?.drawn).to.deep.equal({ strategy: 'random', seed: 5 })
    expect(explore({ ...program, strategy: 'random' }).failure?.schedule).to.equal(failure?.schedule)
  }).timeout(30_000)

  it('names every kind of operation', () => {
    const all: Program['threads'][number] = (cells, call) => {
      cells.add(0, 1)
      cells.sub(0, 1)
      cells.exchange(0, 2)
      cells.compareExchange(0, 7, 8)
      cells.store64(0, 5n)
      cells.add64(0, 1n)
      cells.compareExchange64(0, 6n, 9n)
      cells.load64(0)
      cells.wait(0, 1, 10)
      cells.wait(0, 9, 10)
      cells.notify(0, 1)
      call({ set: 1 }, () => 'done')
      throw new Error('at the end')
    }
    const { failure } = explore({ cells: 2, threads: [all] })
    expect(failure?.reason).to.equal('thread 0 threw: at the end')
    expect(failure?.table.split('\n').slice(1)).to.deep.equal([
      ' 1  add(0, 1) → 0',
      ' 2  sub(0, 1) → 1',
      ' 3  exchange(0, 2) → 0',
      ' 4  compareExchange(0, 7, 8) → 2, which fails',
      ' 5  store64(0, 5n)',
      ' 6  add64(0, 1n) → 5n',
      ' 7  compareExchange64(0, 6n, 9n) → 6n',
      ' 8  load64(0) → 9n',
      ' 9  wait(0) → not-equal',
      '10  waits on 0',
      '11  wait(0) → timed-out',
      '12  notify(0, 1) → 0',
      '13  call {"set":1}',
      '14  return done',
    ])
    expect(failure?.stack)
      .to.match(/failures\.test/)
      .and.to.not.match(/runner|machine/)
  })

  it('of a long execution is shown by its beginning and its end', () => {
    const long = (cells: Cells) => {
      for (let time = 0; time < 900; time++) cells.add(0, 1)
      throw new Error('at last')
    }
    const { failure } = explore({ cells: 1, threads: [long] })
    expect(failure?.table.split('\n')).to.have.lengthOf(202)
    expect(failure?.table).to.include('… 700 steps more …')
  })

  it('that is an invariant’s is told at its step, and of a write’s at the write', () => {
    const writes = (cells: Cells) => {
      cells.store(0, 1)
      cells.store(0, 2)
      cells.store(0, 0)
    }
    const never = (value: number) => {
      if (value === 2) throw new Error('never 2')
    }
    const { failure } = explore({ cells: 1, threads: [writes], invariant: (cells) => never(cells.load(0)) })
    expect(failure).to.include({ kind: 'invariant', reason: 'invariant: never 2', schedule: 'a2' })
    const seen: number[][] = []
    const write = explore({
      cells: 1,
      threads: [writes],
      onWrite: (...change) => {
        seen.push(change)
        never(change[2])
      },
    })
    expect(write.failure).to.include({ kind: 'write', reason: 'write: never 2', schedule: 'a2' })
    expect(seen).to.deep.include.members([
      [0, 0, 1, 0],
      [0, 1, 2, 0],
    ])
  })
})

describe('code that misbehaves', () => {
  it('may catch what stops it, and do anything in a finally', () => {
    const swallows = (cells: Cells) => {
      let caught = 0
      try {
        cells.load(0)
        cells.add(0, 1)
      } catch {
        caught += 1
        cells.store(1, 99)
      } finally {
        cells.store(1, 7)
      }
      return caught
    }
    function* steps(cells: Cells) {
      try {
        yield cells.add(0, 1)
        yield cells.add(0, 1)
      } finally {
        cells.store(2, 3)
      }
    }
    const { verdict, outcomes } = explore({ cells: 3, threads: [swallows, (cells) => [...steps(cells)].length] })
    expect(verdict).to.equal('valid')
    expect([...outcomes.keys()]).to.deep.equal(['[3, 7, 3] returned [0, 2]'])
  })

  it('may throw what is no error', () => {
    const throws = () => {
      throw 'a word'
    }
    expect(explore({ cells: 1, threads: [throws] }).failure?.reason).to.equal('thread 0 threw: a word')
  })

  it('that names a cell that there is not is told so', () => {
    const reasons = [
      (cells: Cells) => cells.load(2),
      (cells: Cells) => cells.store(-1, 0),
      (cells: Cells) => cells.load(0.5),
      (cells: Cells) => cells.load64(1),
    ].map((body) => explore({ cells: 2, threads: [body] }).failure?.reason)
    expect(reasons).to.deep.equal([
      'thread 0 threw: there is no cell 2; cells are 0 to 1',
      'thread 0 threw: there is no cell -1; cells are 0 to 1',
      'thread 0 threw: there is no cell 0.5; cells are 0 to 1',
      'thread 0 threw: a 64-bit operation needs an even cell and the next, of 0 to 1, not 1',
    ])
  })

  it('is found out if it is not deterministic: by thread, operation and stack', () => {
    let runs = 0
    const forgets = (cells: Cells) => {
      cells.load(0)
      cells.load(runs++ % 2)
      cells.load(0)
    }
    const { verdict, failure } = explore({ cells: 2, threads: [() => 0, forgets] })
    expect(verdict).to.equal('unknown')
    expect(failure?.kind).to.equal('not-deterministic')
    expect(failure?.reason).to.match(
      /^thread 1 is not deterministic: its operation 2 was load\(\d\), and is load\(\d\)/,
    )
    expect(failure?.reason).to.match(/at forgets .*failures\.test/)
  })

  it('that makes operations without end is told after so many', () => {
    const endless = (cells: Cells) => {
      for (;;) cells.add(0, 1)
    }
    const { failure } = explore({ cells: 1, threads: [endless], budget: { operations: 500 } })
    expect(failure).to.include({ kind: 'endless', reason: 'thread 0 made 500 operations and did not end' })
  })

  it('that goes on without an operation is stopped, and told with where it was', () => {
    const hangs = (cells: Cells) => {
      cells.load(0)
      if (cells.load(1) === 1) for (;;);
    }
    const threads = [hangs, (cells: Cells) => cells.store(1, 1)]
    const { failure } = explore({ cells: 2, threads, budget: { hangMs: 200 } })
    expect(failure?.kind).to.equal('endless')
    expect(failure?.reason).to.match(
      /^thread 0 was still running after 200 ms without an operation, after its operation 2/,
    )
    expect(failure?.table).to.match(/load\(1\) → 1 …/)
    expect(failure?.stack).to.match(/at hangs .*failures\.test/)
  })

  it('that hangs before its first operation, or in a question, is stopped as well', () => {
    const hangs = () => {
      for (;;);
    }
    const budget = { hangMs: 100 }
    expect(explore({ cells: 1, threads: [hangs], budget }).failure?.reason).to.match(
      /did not come to its first operation/,
    )
    expect(explore({ cells: 1, threads: [() => 0], check: hangs, budget }).failure?.reason).to.match(
      /^check did not come back: still running after 100 ms/,
    )
  })

  it('that throws as it is set up throws through explore', () => {
    const setup = () => () => {
      throw new RangeError('no factory today')
    }
    expect(() => explore({ cells: 1, threads: [() => 0], setup })).to.throw(RangeError, 'no factory today')
  })
})

describe('what each thread keeps for itself', () => {
  it('is made anew for each run, and its operations come before all others', () => {
    const { verdict, outcomes } = explore({
      cells: 2,
      setup: (cells) => {
        cells.store(0, 5)
        return (own) => ({ number: own.add(0, 1), calls: 0 })
      },
      threads: [0, 1].map(() => (cells: Cells, _call: unknown, local: { number: number; calls: number }) => {
        local.calls += 1
        cells.add(1, local.calls)
        return local.number
      }),
    })
    expect(verdict).to.equal('valid')
    expect([...outcomes.keys()]).to.deep.equal(['[7, 2] returned [5, 6]'])
  })
})
