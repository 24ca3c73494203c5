import { expect } from 'chai'
import { analyseProfiles } from '../../../src/profiler/analysis/analysis.js'
import { compareProfiles } from '../../../src/profiler/analysis/difference.js'
import type { ThreadProfile } from '../../../src/profiler/analysis/thread-profile.js'
import { painter } from '../../../src/reporting/paint.js'
import { differenceText, profileText } from '../../../src/reporting/profile/profile-text.js'
import { call, cpuProfile, idle } from '../../profiler/analysis/profiles.js'

const mine = call('mine', 'file:///app/mine.js', 3)
const other = call('other', 'file:///app/other.js', 9)

function analysed(...profiles: ThreadProfile[]) {
  const [analysis] = analyseProfiles(profiles)
  if (!analysis) throw new Error('nothing was analysed')
  return analysis
}

const before = cpuProfile('worker-0', [
  [100, [mine]],
  [100, [mine, other]],
  [200, [idle]],
])
const after = cpuProfile('worker-0', [
  [200, [mine]],
  [100, [mine, other]],
])

describe('profiles at the terminal', () => {
  it('tell the shares of each thread, and its costliest functions', () => {
    const text = profileText(analysed(before, { ...after, thread: 'worker-1' }), painter(false), 100, 10)
    expect(text).to.include('CPU time, % of 700 ms of 2 threads in 700 samples')
    expect(text).to.match(/worker-0 +50\.0 +50\.0\n/)
    expect(text).to.match(
      /all threads: most of their own, % of the busy time\n.*\n +60\.0 +100\.0 +user +mine +\/app\/mine\.js:3\n/,
    )
    expect(text).to.match(/worker-1: most of their own/)
  })

  it('tell as many functions as were asked for', () => {
    const text = profileText(analysed(before), painter(false), 100, 1)
    expect(text).to.match(/most of their own.*\n.*\n.* mine .*\n\n/)
  })

  it('fit the terminal: places go first', () => {
    const text = profileText(analysed(before), painter(false), 30, 5)
    expect(text).to.include('(too narrow for: place)')
    expect(text).to.include('mine').and.not.include('/app/mine.js')
  })

  it('tell what became hotter and cooler, and whether it may be chance', () => {
    const text = differenceText(compareProfiles(analysed(before), analysed(after)), painter(false), 100, 5)
    expect(text).to.match(/idle +50\.0 +0\.0 +-50\.0/)
    expect(text).to.match(/hotter.*\n.*\n +\+16\.7 +50\.0 +66\.7 +0\.0 +no +mine/)
    expect(text).to.match(/cooler.*\n.*\n +-16\.7 +50\.0 +33\.3 +-16\.7 +no +other/)
  })

  it('say that nothing changed', () => {
    const same = analysed(before)
    const text = differenceText(compareProfiles(same, same), painter(false), 100, 5)
    expect(text).to.match(/hotter, % of the busy time\n {2}nothing\n\n.*cooler, % of the busy time\n {2}nothing/)
  })
})
