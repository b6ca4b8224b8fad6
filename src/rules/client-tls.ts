import { asList, asObject, asText, asWritten, at, FieldPath, JsonObject } from '../mesh/json';
import { MeshObject } from '../mesh/object';

/** One `tls` block of a DestinationRule. */
export interface TlsBlock {
  readonly path: FieldPath;
  readonly tls: JsonObject;
  /** The mode; undefined where the block has none. */
  readonly mode: string | undefined;
  /** Whom the block is for: `host "web" on service port 443`. */
  readonly scope: string;
}

/** Every `tls` block of a DestinationRule: of the host, of its ports, of its subsets and of their ports. */
export function tlsBlocks(object: MeshObject): TlsBlock[] {
  const host = `host ${JSON.stringify(asText(at(object.spec, 'host')) ?? '')}`;
  const blocks = ofPolicy(['spec', 'trafficPolicy'], at(object.spec, 'trafficPolicy'), host);
  asList(at(object.spec, 'subsets')).forEach((subset, i) => {
    const name = `subset ${JSON.stringify(asText(at(subset, 'name')) ?? '')} of ${host}`;
    blocks.push(...ofPolicy(['spec', 'subsets', i, 'trafficPolicy'], at(subset, 'trafficPolicy'), name));
  });
  return blocks;
}

function ofPolicy(path: FieldPath, policy: unknown, scope: string): TlsBlock[] {
  const blocks: TlsBlock[] = [];
  const add = (at_: FieldPath, value: unknown, whom: string) => {
    const tls = asObject(value);
    if (tls) {
      blocks.push({ path: at_, tls, mode: at(tls, 'mode') === undefined ? undefined : asWritten(at(tls, 'mode')), scope: whom });
    }
  };
  add([...path, 'tls'], at(policy, 'tls'), scope);
  asList(at(policy, 'portLevelSettings')).forEach((level, i) => {
    const number = at(level, 'port', 'number');
    add([...path, 'portLevelSettings', i, 'tls'], at(level, 'tls'), `${scope} on service port ${typeof number === 'number' ? number : '?'}`);
  });
  return blocks;
}

/** What to remove to be rid of a tls block: the policy too, where nothing else is in it, because istiod refuses an empty one. */
export function removableWith(object: MeshObject, tls: FieldPath): FieldPath {
  let path = tls;
  for (;;) {
    const parent = path.slice(0, -1);
    const last = parent[parent.length - 1];
    const value = at(object.body, ...parent);
    const others = Array.isArray(value) ? value.length - 1 : Object.keys(asObject(value) ?? {}).filter(key => key !== 'port').length - 1;
    const isPolicy = last === 'trafficPolicy' || last === 'portLevelSettings' || parent[parent.length - 2] === 'portLevelSettings';
    if (others > 0 || !isPolicy) return path;
    path = parent;
  }
}

/** The fields of a block that name certificates or keys. */
export function certificateFields(tls: JsonObject): string[] {
  return ['caCertificates', 'caCrl', 'clientCertificate', 'credentialName', 'privateKey'].filter(field => (asText(at(tls, field)) ?? '') !== '');
}
