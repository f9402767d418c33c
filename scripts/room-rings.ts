/** The parts of a source file that the ring search needs. */
interface Importing {
  path: string
  imports: string[]
}

/** Folders that import each other in a ring, with one import for each step. */
export interface Ring {
  rooms: string[]
  /** Written as `file -> file`, in the order of `rooms`. */
  edges: string[]
}

/** Maps each folder to the folders that it imports, with the first such import. */
type Graph = Map<string, Map<string, string>>

/**
 * Returns the folder that a file belongs to: a folder in `src/`, `web/` or `web/admin/`. A file directly in one of these three
 * counts as its own folder. Returns undefined for all other files.
 */
export function roomOf(path: string): string | undefined {
  return /^(web\/admin|web|src)\/[^/]+/.exec(path)?.[0]
}

/** Finds rings of folders. For each set of folders that reach one another, returns the shortest ring. */
export function findRoomRings(files: Iterable<Importing>): Ring[] {
  const graph = buildGraph(files)
  const rings: Ring[] = []
  const seen = new Set<string>()
  for (const room of [...graph.keys()].sort()) {
    const rooms = seen.has(room) ? undefined : shortestRing(graph, room)
    if (!rooms) continue
    for (const other of graph.keys()) if (reaches(graph, room, other) && reaches(graph, other, room)) seen.add(other)
    rings.push({ rooms, edges: rooms.slice(1).map((next, index) => importBetween(graph, rooms[index], next)) })
  }
  return rings
}

function buildGraph(files: Iterable<Importing>): Graph {
  const graph: Graph = new Map()
  for (const { path, imports } of files) {
    const from = roomOf(path)
    for (const target of imports) {
      const to = roomOf(target)
      if (!from || !to || from === to) continue
      const edges = graph.get(from) ?? new Map<string, string>()
      graph.set(from, edges)
      if (!edges.has(to)) edges.set(to, `${path} -> ${target}`)
    }
  }
  return graph
}

/** Returns the shortest path from a folder back to itself, by breadth-first search. */
function shortestRing(graph: Graph, start: string): string[] | undefined {
  const trails = [[start]]
  const visited = new Set<string>()
  for (const trail of trails) {
    for (const next of graph.get(trail.at(-1) ?? start)?.keys() ?? []) {
      if (next === start) return [...trail, start]
      if (visited.has(next)) continue
      visited.add(next)
      trails.push([...trail, next])
    }
  }
  return undefined
}

function reaches(graph: Graph, from: string, to: string): boolean {
  const reached = new Set([from])
  for (const room of reached) for (const next of graph.get(room)?.keys() ?? []) reached.add(next)
  return reached.has(to)
}

function importBetween(graph: Graph, from = '', to = ''): string {
  return graph.get(from)?.get(to) ?? `${from} -> ${to}`
}
