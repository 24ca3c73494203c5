import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Evidence } from '../../evidence.js'
import type { LeftBehind } from '../../exhaustion.js'
import type { Plan } from '../../plan.js'
import { type ResourceCounts, resourceCounts } from '../../profiler/resources.js'
import { createStressEngine } from '../coordinator.js'
import { errorRecord } from '../load/session.js'
import type { FromCase, ToCase } from './messages.js'

/** Handles close with turns of the event loop, threads a moment after their exit. */
const SETTLE = { times: 20, everyMs: 50 }

/**
 * The process of one case, from its parent's word to its report; then nothing should keep it alive.
 *
 * A terminal's Ctrl-C goes to all of its processes: here it is the parent's to say what is to be done. Without a parent the
 * process ends at once.
 */
export function answerParent(): void {
  const stopping = new AbortController()
  const orphaned = () => process.exit()
  process.once('disconnect', orphaned)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  process.on('message', async (message: ToCase) => {
    if (message.kind === 'stop') return stopping.abort()
    await tell(await carryOut(message.plan, stopping.signal))
    process.off('disconnect', orphaned)
    process.disconnect()
  })
}

async function carryOut(plan: Plan, signal: AbortSignal): Promise<FromCase> {
  try {
    // The threads of Node's own pool begin with their first use, and stay.
    await stat(tmpdir())
    const before = resourceCounts()
    const evidence = await createStressEngine().run(plan, {
      signal,
      onProgress: (progress) => void tell({ kind: 'progress', progress }),
    })
    return { kind: 'evidence', evidence: withLeft(evidence, await leftSince(before)) }
  } catch (error) {
    return { kind: 'failed', error: errorRecord(error) }
  }
}

/** Resolves once it is on its way; a parent that has gone is told nothing. */
function tell(message: FromCase): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) resolve()
    else process.send?.(message, undefined, undefined, () => resolve())
  })
}

type Left = Omit<LeftBehind, 'files'>

/** What there is more of than before, once it doesn't get less any more. */
async function leftSince(before: ResourceCounts): Promise<Left> {
  let left = difference(before, resourceCounts())
  for (let look = 0; look < SETTLE.times && !isNothing(left); look += 1) {
    await sleep(SETTLE.everyMs)
    left = difference(before, resourceCounts())
  }
  return left
}

function difference(before: ResourceCounts, after: ResourceCounts): Left {
  const more = (now: number | undefined, then: number | undefined) => Math.max(0, (now ?? 0) - (then ?? 0))
  const handles = Object.entries(after.handles)
    .map(([type, count]) => [type, more(count, before.handles[type])] as const)
    .filter(([, count]) => count > 0)
  return {
    ...(after.fileDescriptors === undefined
      ? {}
      : { descriptors: more(after.fileDescriptors, before.fileDescriptors) }),
    ...(after.threads === undefined ? {} : { threads: more(after.threads, before.threads) }),
    handles: Object.fromEntries(handles),
  }
}

function isNothing({ descriptors = 0, threads = 0, handles }: Left): boolean {
  return descriptors === 0 && threads === 0 && Object.keys(handles).length === 0
}

function withLeft(evidence: Evidence, left: Left): Evidence {
  const cases = (evidence.exhaustion?.cases ?? []).map((one) => {
    return { ...one, left: { files: one.left?.files ?? 0, ...left } }
  })
  return { ...evidence, exhaustion: { cases } }
}
