import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** A process, told apart from every other one that ever had its number. */
export interface ProcessIdentity {
  readonly pid: number
  /** Where that number means anything: host, its start, and the container's own numbering of processes. */
  readonly realm: string
  /** When the process began, as the system counts; empty where it doesn't tell. */
  readonly began: string
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const boot = await textOf('/proc/sys/kernel/random/boot_id')
  const numbering = await readlink('/proc/self/ns/pid').catch(() => '')
  return { pid: process.pid, realm: `${hostname()} ${boot} ${numbering}`, began: await beganOf(process.pid) }
}

/** Whether a process has ended; undefined if it can't be told from here, as its number is another host's or container's. */
export async function hasEnded(other: ProcessIdentity): Promise<boolean | undefined> {
  if (other.realm !== (await ownIdentity()).realm) return undefined
  try {
    process.kill(other.pid, 0)
  } catch (error) {
    // Of another user: it is there, all the same.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return true
  }
  return (await beganOf(other.pid)) !== other.began
}

/** The 22nd field, of those after the name, which may hold whatever it likes but a bracket after the last. */
async function beganOf(pid: number): Promise<string> {
  const stat = await textOf(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim()
}
