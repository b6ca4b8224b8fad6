/* The data as pack.ts has put it into the page. */

/**
 * @param {string} text
 * @returns {import('../pack').PageData}
 */
export function readData(text) {
  const { rest, ...packed } = /** @type {import('../pack').PackedData} */ (JSON.parse(text));
  const [reasons, namespaces, workloads, calls, boxes, nodes, edges] =
    [packed.reasons, packed.namespaces, packed.workloads, packed.calls, packed.boxes, packed.nodes, packed.edges].map(unpackedList);
  const { picture, graph } = /** @type {any} */ (rest);
  const decided = (/** @type {any} */ one) => {
    for (const field of ['because', 'dataPlaneBecause']) {
      if (one[field] !== undefined) one[field] = one[field].map((/** @type {number} */ number) => reasons[number]);
    }
    if (typeof one.shownBy === 'number') one.shownBy = reasons[one.shownBy];
  };
  [picture.mesh, ...namespaces, ...workloads, ...calls].forEach(decided);
  workloads.forEach(({ ports }) => ports.forEach(decided));
  return { picture: { ...picture, namespaces, workloads, calls }, graph: { ...graph, boxes, nodes, edges } };
}

/**
 * @param {import('../pack').PackedList} list
 * @returns {any[]}
 */
function unpackedList({ length, fields }) {
  const columns = Object.entries(fields).map(([field, column]) => ({ field, values: 'words' in column ? column.at.map(place => column.words[place] ?? null) : column }));
  return Array.from({ length }, (_, index) => Object.fromEntries(columns.map(({ field, values }) => [field, values[index]])));
}
