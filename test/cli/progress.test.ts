import { expect } from 'chai'
import { progressText } from '../../src/cli/progress.js'
import { progressView } from '../../src/cli/progress-view.js'
import type { Progress } from '../../src/engine.js'
import { outcomes } from '../evidence-builder.js'

function progress(changes: Partial<Progress> = {}): Progress {
  return {
    stage: 'steady',
    stageIndex: 1,
    elapsedMs: 1500,
    remainingMsMax: 2500,
    started: 1000,
    outcomes: outcomes({ success: 900, error: 90 }),
    timeouts: 3,
    throughputPerSecond: 660,
    latency: { p50Ms: 5, p99Ms: 9.5 },
    residentMb: 80,
    circuits: ['closed', 'open'],
    workersAlive: 2,
    ...changes,
  }
}

/** A stream that remembers; nobody's terminal. */
function stream() {
  const lines: string[] = []
  const write = (line: string) => lines.push(line.trimEnd()) > 0
  return { lines, stream: { isTTY: false, write } as unknown as NodeJS.WriteStream }
}

async function shown(options: { quiet?: boolean; verbose?: boolean }) {
  const to = stream()
  const run = {
    title: 'a run',
    carryOut: async (onProgress: (progress: Progress) => void) => {
      onProgress(progress())
      return { result: 'valid' as const, summary: '1,000 calls' }
    },
  }
  await progressView(to.stream, {}, options)([run])
  return to.lines
}

describe('progress', () => {
  it('tells rate, percentiles, memory, circuits and what is left at most', () => {
    expect(progressText(progress())).to.equal(
      'steady · 1.5 s · 1,000 started · 900 ok, 90 failed, 0 refused · 660/s · p50 5 ms, p99 9.5 ms · 80 MB · ' +
        '2 circuits: 1 closed, 1 open · 2.5 s left at most',
    )
  })

  it('says nothing of percentiles before a call has ended', () => {
    const { latency: _, ...rest } = progress()
    expect(progressText(rest)).not.to.include('p50')
  })

  it('tells every circuit by itself where that is asked for', () => {
    expect(progressText(progress(), true))
      .to.include('circuits #0 closed, #1 open')
      .and.to.include('2 workers alive, 3 timeouts')
  })

  it('is plain lines where there is no terminal, and none where nobody wants any', async () => {
    expect(await shown({})).to.have.lengthOf(2)
    expect((await shown({ verbose: true }))[0]).to.include('#1 open')
    expect(await shown({ quiet: true })).to.deep.equal([])
  })
})
