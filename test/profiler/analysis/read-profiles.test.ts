import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { profileFiles, readProfiles } from '../../../src/profiler/analysis/read-profiles.js'
import { ProfilerError } from '../../../src/profiler/profile-file.js'
import { call, cpuProfile } from './profiles.js'

const text = JSON.stringify(cpuProfile('x', [[1, [call('mine')]]]))

async function rejection(promise: Promise<unknown>): Promise<ProfilerError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ProfilerError) return error
  throw new Error(`no ProfilerError: ${error}`)
}

describe('the reading of profiles', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-read-'))
    for (const name of [
      'runs/soak.shared.20260101-120000.5.coordinator.cpuprofile',
      'runs/soak.shared.20260101-120000.5.worker-0.cpuprofile',
      'runs/soak.shared.20260101-120000.5.worker-0.before.heapsnapshot',
      'runs/soak.shared.20260102-120000.5.worker-0.cpuprofile',
      'one/CPU.20260101.worker.cpuprofile',
    ]) {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), text)
    }
  })
  after(() => rm(folder, { recursive: true }))

  it('takes the thread from the name of the file, and passes over what is no profile', async () => {
    const files = ['coordinator.cpuprofile', 'worker-0.cpuprofile', 'worker-0.before.heapsnapshot']
    const profiles = await readProfiles(
      files.map((end) => join(folder, 'runs', `soak.shared.20260101-120000.5.${end}`)),
    )
    expect(profiles.map(({ thread, kind }) => [thread, kind])).to.deep.equal([
      ['coordinator', 'cpu'],
      ['worker-0', 'cpu'],
    ])
  })

  it('finds the profiles of the one run in a folder, of the run whose names begin so, or the one file', async () => {
    const one = join(folder, 'one', 'CPU.20260101.worker.cpuprofile')
    expect(await profileFiles(join(folder, 'one'))).to.deep.equal([one])
    expect(await profileFiles(one)).to.deep.equal([one])
    expect(await profileFiles(join(folder, 'runs', 'soak.shared.20260101-120000.5'))).to.have.lengthOf(2)
  })

  it('asks which where a folder has several runs, and names them', async () => {
    const error = await rejection(profileFiles(join(folder, 'runs')))
    expect(error.code).to.equal('ERR_PROFILE_AMBIGUOUS')
    expect(error.message).to.include(join(folder, 'runs', 'soak.shared.20260102-120000.5'))
  })

  it('says where there is none', async () => {
    const error = await rejection(profileFiles(join(folder, 'nowhere')))
    expect(error.code).to.equal('ERR_PROFILE_NOT_FOUND')
  })

  const broken: Record<string, readonly [name: string, content: string, says: RegExp]> = {
    'a file that is cut off': ['cut.cpuprofile', text.slice(0, -20), /cut\.cpuprofile can't be read/],
    'a file without nodes': ['empty.cpuprofile', '{"nodes":[]}', /empty\.cpuprofile .*: nodes: /],
    'a node without a place': [
      'node.cpuprofile',
      '{"nodes":[{"id":1}],"startTime":0,"endTime":1,"samples":[],"timeDeltas":[]}',
      /nodes\.0\.callFrame/,
    ],
    'times that are not those of the samples': [
      'times.cpuprofile',
      JSON.stringify({ ...JSON.parse(text), timeDeltas: [] }),
      /timeDeltas: has another length than samples/,
    ],
    'a heap profile without a head': ['head.heapprofile', '{"samples":[]}', /head\.heapprofile .*: head: /],
    'a file that is not there': ['gone.cpuprofile', '', /gone\.cpuprofile can't be read/],
  }
  for (const [what, [name, content, says]] of Object.entries(broken)) {
    it(`rejects ${what}, and says so`, async () => {
      const file = join(folder, name)
      if (content !== '') await writeFile(file, content)
      const error = await rejection(readProfiles([file]))
      expect(error.code).to.equal('ERR_PROFILE_UNREADABLE')
      expect(error.message).to.match(says)
    })
  }
})
