import type { CaseName } from '../exhaustion.js'
import type { ExhaustionCase } from '../exhaustion-case.js'

/** Each is loaded where it is done, so that no worker holds what others need. */
const cases: Readonly<Record<CaseName, () => Promise<{ default: ExhaustionCase }>>> = {
  'worker-heap': () => import('./cases/worker-heap.js'),
  'process-heap': () => import('./cases/process-heap.js'),
  'file-descriptors': () => import('./cases/file-descriptors.js'),
  sockets: () => import('./cases/sockets.js'),
  'event-loop': () => import('./cases/event-loop.js'),
  cpu: () => import('./cases/cpu.js'),
  disk: () => import('./cases/disk.js'),
  'worker-killed': () => import('./cases/worker-killed.js'),
}

export async function caseOf(name: CaseName): Promise<ExhaustionCase> {
  return (await cases[name]()).default
}
