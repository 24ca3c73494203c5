import { readFileSync } from 'node:fs'
import { freemem } from 'node:os'

const groups = '/sys/fs/cgroup'

/** How to read a file of the system; what is not there is an empty text. */
export type ReadText = (file: string) => string

/**
 * Bytes of memory that this process may still take: what the machine has, or what the control group (a container's
 * limit) leaves, whichever is less. The files that a group has in its cache count as used for the kernel, but it gives them
 * back before anybody starves, so what of them is not in use is counted as free here.
 *
 * Node learnt `availableMemory` in 20.13; before that only the machine is asked.
 */
export function availableMemoryBytes(
  read: ReadText = readOrNothing,
  machineBytes = freemem(),
  groupBytes = process.availableMemory?.() ?? machineBytes,
): number {
  return Math.min(machineBytes, groupBytes + reclaimableBytes(read))
}

function reclaimableBytes(read: ReadText): number {
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [hierarchy, controllers = '', path = ''] = line.split(':')
    const isSecond = hierarchy === '0' && controllers === ''
    if (!isSecond && !controllers.split(',').includes('memory')) continue
    const folder = isSecond ? groups : `${groups}/memory`
    // Inside a container the path is often that of the host; its own group is then the root.
    const statistics = read(`${folder}${path}/memory.stat`) || read(`${folder}/memory.stat`)
    // Version 1 tells a group's own share beside that of all below it.
    const found = (isSecond ? /^inactive_file (\d+)$/m : /^total_inactive_file (\d+)$/m).exec(statistics)
    if (found) return Number(found[1])
  }
  return 0
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
