import { readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { largeMesh } from './large-mesh';
import { readManifestText } from '../../src/collect/manifests';
import { settingsIn, statementsIn } from '../../src/collect/settings';
import { connectionJson } from '../../src/mesh/connection';
import { Mesh } from '../../src/mesh/mesh';
import { MeshSettings, resolveSettings } from '../../src/mesh/settings';
import { Picture } from '../../src/report/picture/data';
import { pictureDot } from '../../src/report/picture/dot';
import { graphOf } from '../../src/report/picture/graph';
import { pictureHtml } from '../../src/report/picture/html';
import { layoutOf, Rectangle } from '../../src/report/picture/layout';
import { pictureMermaid } from '../../src/report/picture/mermaid';
import { pictureJson, pictureOf } from '../../src/report/picture/picture';
import { RULES } from '../../src/rules';
import { dedent } from '../../src/rules/dedent';
import { runRules } from '../../src/rules/run';
import { toCase } from '../cases/judge';
import { deployment, mesh as meshOf, namespace as namespaceObject, service } from '../mesh/build';
import { JUNK, junkObjects } from '../mesh/junk';

const CASES = readFileSync(join(__dirname, '../cases/cases.jsonl'), 'utf8').split('\n').filter(line => line !== '').map(line => toCase(JSON.parse(line))!);
const WORLDS = CASES.flatMap(({ id, wrong, right, settings }) => [...wrong === undefined ? [] : [{ id: `${id}, wrong`, yaml: wrong, settings }], { id, yaml: right, settings }]);

function look(yaml: string, given: MeshSettings = {}): { readonly mesh: Mesh; readonly picture: Picture } {
  const { objects } = readManifestText(dedent(yaml), 'manifests');
  const sources = { given, found: statementsIn(objects) };
  const mesh = new Mesh(objects, resolveSettings({ ...given, ...settingsIn(objects, sources.found) }));
  return { mesh, picture: pictureOf(mesh, sources, runRules(mesh, RULES, { sources })) };
}

const SHOP = `
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop, labels: {istio-injection: enabled}}
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: istio, namespace: istio-system}
  data: {mesh: "enableAutoMtls: false\\nmeshMTLS: {minProtocolVersion: TLSV1_3}\\n"}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: istio-system}
  spec: {mtls: {mode: STRICT}}
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: web, namespace: shop}
  spec: {selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {"9090": {mode: PERMISSIVE}}}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec:
    template:
      metadata: {labels: {app: web}, annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "7000"}}
      spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}], env: [{name: PAY, value: "https://pay.example.com"}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop}
  spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
  ---
  apiVersion: networking.istio.io/v1
  kind: ServiceEntry
  metadata: {name: pay, namespace: shop}
  spec: {hosts: [pay.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: batch, namespace: old}
  spec: {template: {metadata: {labels: {app: batch, sidecar.istio.io/inject: "false"}}, spec: {containers: [{name: batch, env: [{name: WEB, value: "http://web.shop"}, {name: GONE, value: "http://gone.shop"}]}]}}}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: gone, namespace: shop}
  spec: {selector: {app: gone}, ports: [{name: http, port: 80}]}
`;

describe('the picture of a mesh', () => {
  const { picture } = look(SHOP, { trustDomain: 'td.example' });

  it('says who decides the facts of the mesh', () => {
    const { mesh } = picture;
    expect(mesh).toMatchObject({
      mode: 'STRICT',
      because: [{ object: 'PeerAuthentication istio-system/default', field: 'spec.mtls.mode', place: 'manifests', line: 13 }],
      autoMtls: { value: false, decidedBy: 'ConfigMap istio-system/istio, data.mesh' },
      minProtocolVersion: { value: 'TLSV1_3', decidedBy: 'ConfigMap istio-system/istio, data.mesh' },
      rootNamespace: { value: 'istio-system', decidedBy: null },
      trustDomain: { value: 'td.example', decidedBy: 'given' },
    });
  });

  it('lists namespaces with their own mode, what holds, and from where', () => {
    expect(picture.namespaces.map(({ name, ownMode, mode, inheritedFrom, dataPlane, workloads }) =>
      [name, ownMode, mode, inheritedFrom, dataPlane, workloads])).toEqual([
      ['istio-system', 'STRICT', 'STRICT', null, 'unknown', {}],
      ['old', null, 'STRICT', 'PeerAuthentication istio-system/default', 'unknown', { none: 1 }],
      ['shop', null, 'STRICT', 'PeerAuthentication istio-system/default', 'sidecar', { sidecar: 1 }],
    ]);
    expect(picture.namespaces[1].dataPlaneBecause).toEqual([
      { object: 'Namespace old', field: 'metadata.namespace', text: 'Namespace old is not in the input, so its labels are unknown', place: null, line: null },
    ]);
  });

  it('lists every workload port that anything names, and all others', () => {
    const web = picture.workloads.find(({ key }) => key === 'shop/web')!;
    expect(web.ports.map(({ port, names, mode, lock, because }) => [port, names, mode, lock, because[0].object, because[0].field])).toEqual([
      [7000, [], 'none', 'open', 'Deployment shop/web', 'spec.template.metadata.annotations["traffic.sidecar.istio.io/excludeInboundPorts"]'],
      [8080, ['http', 'web:80'], 'STRICT', 'closed', 'PeerAuthentication shop/web', 'spec.mtls.mode'],
      [9090, [], 'PERMISSIVE', 'open', 'PeerAuthentication shop/web', 'spec.portLevelMtls.9090.mode'],
      [null, [], 'STRICT', 'closed', 'PeerAuthentication shop/web', 'spec.mtls.mode'],
    ]);
  });

  it('follows the calls that the manifests show, and says which of them nothing answers', () => {
    expect(picture.calls.map(({ client, host, port, server, clientSends, serverMode, outcome, lock, shownBy }) =>
      [client, host, port, server, clientSends, serverMode, outcome, lock, shownBy!.field])).toEqual([
      ['old/batch', 'web.shop.svc.cluster.local', 80, 'shop/web', 'plaintext', 'STRICT', 'fail', 'open', 'spec.template.spec.containers[0].env[0].value'],
      ['shop/web', 'pay.example.com', 443, null, 'plaintext', 'none', 'plaintext', 'open', 'spec.template.spec.containers[0].env[0].value'],
    ]);
    expect(picture.summary.outcomes).toEqual({ fail: 1, plaintext: 1 });
    expect(picture.summary.notJudged).toContain('known calls to 1 service port (gone.shop.svc.cluster.local:80), because no pod of the input answers there');
  });

  it('links findings with what they are about, both ways', () => {
    const finding = picture.findings.find(({ code }) => code === 'MTLS206')!;
    expect(finding.about).toMatchObject({ calls: ['call-1'], workloads: ['old/batch', 'shop/web'] });
    expect(picture.calls[0].findings).toEqual([finding.id]);
    expect(picture.workloads[0].findings).toContain(finding.id);
  });
});

it('shows ambient as ztunnel sees it, which knows no DISABLE', () => {
  const { picture } = look(`
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: shop}
    spec: {mtls: {mode: DISABLE}}
  `);
  expect(picture.namespaces[0]).toMatchObject({ ownMode: 'DISABLE', mode: 'PERMISSIVE', dataPlane: 'ambient', inheritedFrom: null });
  expect(picture.namespaces[0].because[0].text).toBe('namespace shop is DISABLE');
  expect(picture.mesh.ambient).toEqual({ value: true, decidedBy: null });
});

it('shows a namespace without proxies as open, whatever the policies say', () => {
  const { picture } = look(`
    apiVersion: v1
    kind: Namespace
    metadata: {name: old}
    ---
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: istio-system}
    spec: {mtls: {mode: STRICT}}
  `);
  expect(picture.namespaces.map(({ name, mode, dataPlane, lock }) => [name, mode, dataPlane, lock])).toEqual([
    ['istio-system', 'STRICT', 'unknown', 'unknown'], ['old', 'STRICT', 'none', 'open'],
  ]);
});

it('shows what a gateway listens on, and not what policies say for it', () => {
  const { picture } = look(`${readFileSync('test/mesh/lab/app.yaml', 'utf8')}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: secure, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers:
    - {port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: cert}}
    - {port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"], tls: {mode: AUTO_PASSTHROUGH}}
`);
  const gateway = picture.workloads.find(({ isGateway }) => isGateway)!;
  expect(gateway.ports.map(({ port, mode, lock, because }) => [port, mode, lock, because[0].text])).toEqual([
    [80, 'gateway', 'open', 'the gateway listens on workload port 80 in plaintext'],
    [443, 'gateway', 'closed', 'the gateway listens on workload port 443 with SIMPLE'],
    [15443, 'gateway', 'closed', 'the gateway listens on workload port 15443 with AUTO_PASSTHROUGH'],
  ]);
});

describe('in every known misconfiguration and its cure', () => {
  it('the calls are the known ones of `connections`, with the same answers', () => {
    let compared = 0;
    for (const { id, yaml, settings } of WORLDS) {
      const { mesh, picture } = look(yaml, settings);
      const asText = (call: { client: string; host: string; port: number; subset: string; server: string | null; outcome: string }): string =>
        `${call.client} -> ${call.host}:${call.port} ${call.subset} (${call.server ?? ''}): ${call.outcome}`;
      const { model } = mesh;
      const unlisted = model.inventory.workloads.flatMap(client => [...model.unlistedCalls(client)]);
      const expected = [...[...model.connections()].filter(({ known }) => known), ...unlisted]
        .map(connection => ({ ...connectionJson(connection), outcome: connection.result }));
      expect([id, picture.calls.filter(({ shownBy }) => shownBy === null)]).toEqual([id, []]);
      expect([id, [...new Set(picture.calls.map(asText))].sort()]).toEqual([id, [...new Set(expected.map(asText))].sort()]);
      compared += picture.calls.length;
    }
    expect(compared).toBeGreaterThan(200);
  });

  it('the modes of workload ports are those that calls meet', () => {
    let compared = 0;
    for (const { id, yaml, settings } of WORLDS) {
      const { picture } = look(yaml, settings);
      const workloads = new Map(picture.workloads.map(workload => [workload.key, workload]));
      for (const { server, targetPort, serverMode } of picture.calls) {
        const workload = server === null ? undefined : workloads.get(server);
        if (workload === undefined || workload.isGateway) continue;
        const port = workload.ports.find(one => one.port === targetPort) ?? workload.ports.find(one => one.port === null)!;
        expect([id, server, targetPort, port.mode]).toEqual([id, server, targetPort, serverMode]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(150);
  });

  it('every broken call leads to a finding, and every link back', () => {
    let broken = 0;
    for (const { id, yaml, settings } of WORLDS) {
      const { picture } = look(yaml, settings);
      const unexplained = picture.calls.filter(({ outcome, findings }) => outcome === 'fail' && findings.length === 0);
      expect([id, unexplained.map(({ client, host, port }) => `${client} -> ${host}:${port}`)]).toEqual([id, []]);
      broken += picture.calls.filter(({ outcome }) => outcome === 'fail').length;
      const ids = new Map<string, readonly string[]>([
        ...picture.calls.map(call => [call.id, call.findings] as const), ...picture.workloads.map(one => [one.key, one.findings] as const),
        ...picture.namespaces.map(one => [one.name, one.findings] as const),
      ]);
      for (const finding of picture.findings) {
        for (const key of [...finding.about.calls, ...finding.about.workloads, ...finding.about.namespaces]) {
          expect([id, ids.get(key)]).toEqual([id, expect.arrayContaining([finding.id])]);
        }
      }
    }
    expect(broken).toBeGreaterThan(30);
  });
});

describe('whatever the objects are made of, there is a picture', () => {
  // Rules are shown plain data alone, as it comes from files and from what apps write.
  const isPlain = (value: unknown): boolean => {
    try {
      JSON.stringify(value);
      return true;
    } catch {
      return false;
    }
  };
  it.each(JUNK.filter(isPlain).map((value, index) => [index, value]))('junk %i', (_, value) => {
    for (const settings of [{}, { ambient: true }]) {
      const junk = meshOf(junkObjects(value), settings);
      const picture = pictureOf(junk, { given: {}, found: [] }, runRules(junk, RULES));
      expect(picture.workloads.length).toBeGreaterThan(1);
      for (const { port, because } of picture.workloads.flatMap(({ ports }) => ports)) {
        expect(port === null || (Number.isInteger(port) && port > 0)).toBe(true);
        expect(because.length).toBeGreaterThan(0);
      }
      expect([pictureMermaid(picture), pictureDot(picture)].join('\n')).not.toMatch(/undefined|\[object Object\]|NaN/);
      expect((JSON.parse(pictureJson(picture)) as Picture).workloads).toHaveLength(picture.workloads.length);
      expect(pictureHtml(picture)).toMatch(/<\/html>\n$/);
    }
  });

  it('a name of JavaScript\'s is a name like any', () => {
    const name = '__proto__';
    const odd = meshOf([namespaceObject(name), deployment(`${name}/constructor`), deployment(`${name}/toString`), service(`${name}/toString`)]);
    const picture = pictureOf(odd, { given: {}, found: [] }, []);
    expect(picture.namespaces.map(one => one.name)).toEqual([name]);
    expect(layoutOf(graphOf(picture)).nodes).toHaveLength(2);
  });
});

describe('the layout', () => {
  const isInside = (inner: Rectangle, outer: Rectangle): boolean =>
    inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width + 0.5
    && inner.y + inner.height <= outer.y + outer.height + 0.5;
  const overlaps = (one: Rectangle, other: Rectangle): boolean =>
    one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

  const lab = readFileSync('test/mesh/lab/app.yaml', 'utf8');
  it.each([['a small mesh', SHOP, 3], ['the lab', lab, 3], ['500 workloads', largeMesh(500), 500]])(
    'of %s puts every workload into its box, and nothing onto another', (_, yaml, number) => {
      const graph = graphOf(look(yaml, { openWorld: false }).picture);
      const { boxes, nodes, width, height } = layoutOf(graph);
      expect(nodes).toHaveLength(number);
      const byName = new Map(boxes.map(box => [box.name, box]));
      graph.nodes.forEach(({ namespace }, index) => expect(isInside(nodes[index], byName.get(namespace)!)).toBe(true));
      for (const all of [boxes, nodes]) {
        expect(all.flatMap((one, index) => all.slice(index + 1).filter(other => overlaps(one, other)))).toEqual([]);
      }
      expect(boxes.every(box => isInside(box, { x: 0, y: 0, width, height }))).toBe(true);
    });

  it('holds for meshes of any shape', () => {
    const name = fc.integer({ min: 0, max: 30 });
    fc.assert(fc.property(fc.array(fc.tuple(name, name), { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (pairs, boxCount) => {
      // The namespace of a node hangs on its number; the first one is outside the mesh.
      const nodes = [...new Set(pairs.flat())].map(number => ({
        key: `w${number}`, namespace: number % boxCount === 0 ? '' : `n${number % boxCount}`, label: `w${number}`,
      }));
      const edges = pairs.map(([from, to]) => ({ from: `w${from}`, to: `w${to}`, outcome: 'mtls' as const, calls: [] }));
      const layout = layoutOf({ nodes, edges });
      for (const all of [layout.boxes, layout.nodes]) {
        expect(all.flatMap((one, index) => all.slice(index + 1).filter(other => overlaps(one, other)))).toEqual([]);
      }
      nodes.forEach(({ namespace }, index) => expect(isInside(layout.nodes[index], layout.boxes.find(box => box.name === namespace)!)).toBe(true));
    }));
  });

  it('draws what is outside the mesh in a box of its own', () => {
    const graph = graphOf(look(SHOP).picture);
    expect(graph.nodes.filter(({ namespace }) => namespace === '').map(({ key }) => key)).toEqual(['pay.example.com']);
    expect(graph.edges).toEqual([
      { from: 'old/batch', to: 'shop/web', outcome: 'fail', calls: ['call-1'] }, { from: 'shop/web', to: 'pay.example.com', outcome: 'plaintext', calls: ['call-2'] },
    ]);
  });
});

describe('drawn as text', () => {
  const evil = look(SHOP.replace('name: batch,', 'name: "ba\\"]; evil<b>\\\\n#{x}\\n  click",')).picture;

  it('Mermaid has boxes, signs, words and colours', () => {
    expect(pictureMermaid(look(SHOP).picture)).toBe([
      'flowchart LR',
      '  %% mesh STRICT (PeerAuthentication istio-system/default), auto mTLS off, at least TLS 1.3',
      '  %% 2 known calls: 1 broken, 1 plaintext',
      '  subgraph n1["old"]',
      '    w2["batch<br>no proxy"]',
      '  end',
      '  subgraph n2["shop"]',
      '    w3["web<br>STRICT, 7000 no proxy, 9090 PERMISSIVE"]',
      '  end',
      '  subgraph n3["outside the mesh"]',
      '    w1["pay.example.com"]',
      '  end',
      '  w2 --x|"✖ broken"| w3',
      '  w3 -->|"🔓 plaintext"| w1',
      '  linkStyle 0 stroke:#d1242f,stroke-width:3px',
      '  linkStyle 1 stroke:#bf8700,stroke-width:3px',
      '',
    ].join('\n'));
  });

  it('DOT has them too', () => {
    const dot = pictureDot(look(SHOP).picture);
    expect(dot).toContain('  subgraph "cluster shop" {\n    label="shop"; style="rounded,filled"; color="#d0d7de"; fillcolor="#f6f8fa";\n    "shop/web" [label="web\\nSTRICT, 7000 no proxy, 9090 PERMISSIVE"];');
    expect(dot).toContain('"old/batch" -> "shop/web" [label="broken", color="#d1242f"');
    expect(dot).toContain('"pay.example.com" [label="pay.example.com\\noutside the mesh", shape=ellipse];');
  });

  it('no name ends a string', () => {
    const mermaid = pictureMermaid(evil).split('\n').find(line => line.includes('evil'))!;
    expect(mermaid).toBe('    w2["ba#34;#93;#59; evil#60;b#62;#92;n#35;#123;x#125;#92;u000a  click<br>no proxy"]');
    const dot = pictureDot(evil).split('\n').find(line => line.includes('evil') && line.includes('label='))!;
    expect(dot).toMatch(/^ {4}"old\/ba\\"\]; evil<b>\\\\n#\{x\}\\\\u000a {2}click" \[label="(\\.|[^"\\])*", style="rounded,dashed"\];$/);
  });

  it('a mesh that a flowchart cannot hold is drawn by its namespaces', () => {
    const { picture } = look(largeMesh(500), { openWorld: false });
    const lines = pictureMermaid(picture).split('\n');
    expect(lines).toContain('  n1["team-00<br>20 workloads"]');
    const calls = lines.flatMap(line => /, ([\d]+) calls?"\|/.exec(line)?.[1] ?? /\["(\d+) calls? more than a flowchart holds"\]/.exec(line)?.[1] ?? []);
    expect(calls.reduce((sum, number) => sum + Number(number), 0)).toBe(2000);
    expect(lines.filter(line => line.includes('✖')).length).toBeGreaterThan(0);
    expect(lines.filter(line => line.includes('|"')).length).toBeLessThanOrEqual(300);
    expect(lines.join('\n').length).toBeLessThan(50_000);
  });
});
