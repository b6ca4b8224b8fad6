/** Load balancer settings of a DestinationRule. */

import { OutlierDetection } from './connection-pool';
import { AT_LEAST_ONE_MILLISECOND, checkDuration } from './durations';
import { double, duration, flag, list, map, message, text, uint32, uint64, words } from './notation';
import { Report } from './report';

interface Failover {
  readonly from?: string;
  readonly to?: string;
}

interface LocalitySetting {
  readonly distribute?: readonly { readonly from?: string; readonly to?: Readonly<Record<string, number>> }[];
  readonly failover?: readonly Failover[];
  readonly failoverPriority?: readonly string[];
}

interface ConsistentHash {
  readonly httpCookie?: { readonly name?: string; readonly attributes?: readonly { readonly name?: string }[] };
  readonly ringHash?: object;
  readonly maglev?: { readonly tableSize?: number };
  readonly minimumRingSize?: number;
}

/** Load balancer settings as the webhook sees them. */
export interface LoadBalancer {
  readonly consistentHash?: ConsistentHash;
  readonly localityLbSetting?: LocalitySetting;
  readonly zoneAwareLbSetting?: LocalitySetting;
  readonly warmup?: { readonly duration?: string; readonly minimumPercent?: number | null; readonly aggression?: number | null };
}

const failover = list(message({ from: text(), to: text() }));
const warmupTime = duration(AT_LEAST_ONE_MILLISECOND);

/** CRD and proto: istio.networking.v1alpha3.LoadBalancerSettings. */
export const LOAD_BALANCER = message({
  simple: words(
    'istio.networking.v1alpha3.LoadBalancerSettings.SimpleLB',
    'UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'),
  consistentHash: message({
    httpHeaderName: text(),
    httpCookie: message({
      name: text(),
      path: text(),
      ttl: duration(),
      attributes: list(message({ name: text(), value: text() }, { required: ['name'] })),
    }, { required: ['name'] }),
    useSourceIp: flag(),
    httpQueryParameterName: text(),
    ringHash: message({ minimumRingSize: uint64() }),
    maglev: message({ tableSize: uint64() }),
    minimumRingSize: uint64(),
  }, {
    exclusive: [['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'], ['ringHash', 'maglev']],
  }),
  localityLbSetting: message({
    distribute: list(message({ from: text(), to: map(uint32()) })),
    failover,
    failoverPriority: list(text()),
    enabled: flag({ nullable: true }),
  }),
  zoneAwareLbSetting: message({
    enabled: flag({ nullable: true }),
    failover,
    failoverPriority: list(text()),
    minClusterSize: uint32({ nullable: true, minimum: 1 }),
  }),
  warmupDurationSecs: warmupTime,
  warmup: message({
    duration: warmupTime,
    minimumPercent: double({ minimum: 0, maximum: 100 }),
    aggression: double({ minimum: 0 }),
  }, { required: ['duration'] }),
}, {
  exclusive: [['simple', 'consistentHash']],
});

/** Labels that stand for places, which istiod's settings handle by themselves. */
const TOPOLOGY = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']);

/** istiod: validation.go validateLoadBalancer. `warn` is false where istiod forgets the warnings. */
export function checkLoadBalancer(
  settings: LoadBalancer | undefined, outlier: OutlierDetection | undefined, report: Report, warn: boolean,
): void {
  if (settings === undefined) return;
  report.down('loadBalancer');
  if (settings.consistentHash !== undefined) checkConsistentHash(settings.consistentHash, report, warn);
  const locality = settings.localityLbSetting;
  const zone = settings.zoneAwareLbSetting;
  if (locality !== undefined && zone !== undefined) {
    report.webhook('only one of localityLbSetting and zoneAwareLbSetting can be set', undefined, 'localityLbSetting or zoneAwareLbSetting');
  }
  if (locality !== undefined) {
    report.down('localityLbSetting');
    if (checkDistribution(locality, report)) {
      checkFailover(locality, outlier, report, warn, 'locality lb failover only specify region', 'locality lb failover');
    }
    report.up();
  }
  if (zone !== undefined) {
    report.down('zoneAwareLbSetting');
    zone.failoverPriority?.forEach((label, i) => {
      if (TOPOLOGY.has(label)) {
        report.webhook(
          `'failover_priority' for zone aware lb must not use topology label '${label}'; region- and zone-level routing are handled automatically`,
          ['failoverPriority', i]);
      }
    });
    const onlyRegion = 'zone aware lb failover only specifies region; zone and subzone failover are handled automatically';
    checkFailover(zone, outlier, report, warn, onlyRegion, 'zone aware lb failover');
    report.up();
  }
  const warmup = settings.warmup;
  if (warmup !== undefined) {
    report.down('warmup');
    if (warmup.duration === undefined) report.webhook('duration is required', 'duration', 'a duration');
    else checkDuration(warmup.duration, report, 'duration');
    if ((warmup.minimumPercent ?? 0) > 100) report.webhook('minimumPercent value should be less than or equal to 100', 'minimumPercent', '0 to 100');
    if ((warmup.aggression ?? 1) <= 0) report.webhook('aggression should be greater than 0', 'aggression', 'more than 0');
    report.up();
  }
  report.up();
}

function checkConsistentHash(hash: ConsistentHash, report: Report, warn: boolean): void {
  report.down('consistentHash');
  if (hash.httpCookie !== undefined) {
    report.down('httpCookie');
    if ((hash.httpCookie.name ?? '') === '') report.webhook('name required for HttpCookie', 'name', 'a name');
    const names = new Set<string>();
    hash.httpCookie.attributes?.forEach((attribute, i) => {
      const name = attribute.name ?? '';
      if (name === '') report.webhook('cookie attribute name cannot be empty', ['attributes', i, 'name'], 'a name');
      else if (names.has(name)) report.webhook(`duplicate cookie attribute name: ${name}`, ['attributes', i, 'name']);
      names.add(name);
    });
    report.up();
  }
  if ((hash.minimumRingSize ?? 0) !== 0) {
    if (warn) report.warn('consistent hash MinimumRingSize is deprecated, use ConsistentHashLB\'s RingHash configuration instead');
    if (hash.ringHash !== undefined || hash.maglev !== undefined) {
      report.webhook('only one of MinimumRingSize or Maglev/Ringhash can be specified', 'minimumRingSize');
    }
  }
  if (hash.maglev !== undefined) {
    const size = hash.maglev.tableSize ?? 0;
    const at = ['maglev', 'tableSize'];
    const allowed = 'a prime number below 5000011';
    if (size === 0) report.webhook('tableSize must be set for maglev', at, allowed);
    if (size >= 5000011) report.webhook('tableSize must be less than 5000011 for maglev', at, allowed);
    // Beyond the limit the table is refused in any case, and looking for factors would take long.
    else if (!isPrime(size)) report.webhook('tableSize must be a prime number for maglev', at, allowed);
  }
  report.up();
}

/** As Envoy: 1 counts as prime, 0 does not. */
function isPrime(value: number): boolean {
  if (value > 0 && value < 4) return true;
  if (value % 2 === 0) return false;
  for (let factor = 3; factor * factor <= value; factor += 2) {
    if (value % factor === 0) return false;
  }
  return true;
}

/** istiod: agent ValidateLocalityLbSetting up to the failover rules; false when it stops before them. */
function checkDistribution(locality: LocalitySetting, report: Report): boolean {
  const distribute = locality.distribute ?? [];
  const hasFailover = (locality.failover?.length ?? 0) > 0;
  if (distribute.length > 0 && hasFailover) {
    report.webhook('can not simultaneously specify \'distribute\' and \'failover\'', undefined, 'distribute or failover');
    return false;
  }
  const topology = hasFailover ? locality.failoverPriority?.find(label => TOPOLOGY.has(label)) : undefined;
  if (topology !== undefined) {
    report.webhook(`can not simultaneously set 'failover' and topology label '${topology}' in 'failover_priority'`, 'failoverPriority');
    return false;
  }
  for (let i = 0; i < distribute.length; i++) {
    const to = Object.entries(distribute[i].to ?? {});
    const wrong = to.find(([, weight]) => weight <= 0 || weight > 100);
    if (wrong !== undefined) {
      report.webhook('locality weight must be in range [1, 100]', ['distribute', i, 'to', wrong[0]], '1 to 100');
      return false;
    }
    const total = to.reduce((sum, [, weight]) => sum + weight, 0);
    if (total !== 100) {
      report.webhook(`total locality weight ${total} != 100`, ['distribute', i, 'to'], 'weights that add up to 100');
      return false;
    }
    // istiod reads the map in random order, and a wildcard is only found to overlap when it comes first: so let it.
    const names = to.map(([name]) => name).sort((a, b) => width(a) - width(b));
    const problem = localitiesProblem(names);
    if (problem !== undefined) report.webhook(problem, ['distribute', i, 'to']);
  }
  const problem = localitiesProblem(distribute.map(entry => entry.from ?? ''));
  if (problem !== undefined) report.webhook(problem, 'distribute');
  return true;
}

function checkFailover(
  setting: LocalitySetting, outlier: OutlierDetection | undefined, report: Report, warn: boolean, onlyRegion: string, what: string,
): void {
  const entries = setting.failover ?? [];
  if (warn && outlier === undefined && (entries.length > 0 || (setting.failoverPriority?.length ?? 0) > 0)) {
    report.warn('outlier detection policy must be provided for failover');
  }
  entries.forEach(({ from = '', to = '' }, i) => {
    if (from === to) report.webhook(`${what} settings must specify different regions`, ['failover', i]);
    if (from.includes('/') || to.includes('/')) report.webhook(onlyRegion, ['failover', i], 'regions');
    if (from.includes('*') || to.includes('*')) report.webhook(`${what} region should not contain '*' wildcard`, ['failover', i], 'regions');
  });
}

/** Wildcards before the rest, and `us/*` before `us/east/*`. */
function width(locality: string): number {
  return locality.endsWith('*') ? locality.split('/').length : 4;
}

/** istiod: agent validateLocalities. Localities are region/zone/subzone, and none may cover a later one. */
function localitiesProblem(localities: readonly string[]): string | undefined {
  const regions = new Map<string, Map<string, Set<string>>>();
  for (const locality of localities) {
    const star = locality.indexOf('*');
    if (star >= 0 && star < locality.length - 1) {
      return `locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`;
    }
    const overlap = `locality ${locality} overlap with previous specified ones`;
    if (regions.has('*')) return overlap;
    const [region, zone, ...rest] = locality.split('/');
    const subzone = rest.length > 0 ? rest.join('/') : undefined;
    if (region === '' || zone === '' || subzone === '') return `locality ${locality} must not contain empty region/zone/subzone info`;
    const zones = regions.get(region);
    const subzones = zone === undefined ? undefined : zones?.get(zone);
    if (zone === undefined ? zones !== undefined : zones?.has('*') === true) return overlap;
    if (subzone === undefined ? subzones !== undefined : subzones?.has('*') === true || subzones?.has(subzone) === true) return overlap;
    const known = zones ?? new Map<string, Set<string>>();
    regions.set(region, known.set(zone ?? '*', (subzones ?? new Set<string>()).add(subzone ?? '*')));
  }
  return undefined;
}
