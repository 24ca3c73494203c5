const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * A number that tells settings apart (FNV-1a of their JSON, 32 bits, never 0): threads that share memory must read it by the same
 * settings, and of those that don't 1 in 4,294,967,295 goes unnoticed.
 */
export function fingerprintOf(settings: unknown): number {
  let hash = FNV_OFFSET
  for (const character of JSON.stringify(settings)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME)
  }
  return hash | 0 || 1
}
