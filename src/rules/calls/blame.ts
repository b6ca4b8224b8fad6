import { Blame } from './fault';
import { lostTls } from './lost-tls';
import { Strays } from './strays';
import { Connection } from '../../mesh/connection';
import { Cause, Reason } from '../../mesh/decision';
import { Kinds } from '../../mesh/kinds';
import { MeshModel } from '../../mesh/model';
import { MeshObject } from '../../mesh/object';
import { TlsMode } from '../../mesh/rules/traffic-policy';
import { isApiServer } from '../../mesh/services/kubernetes-service';
import { isHttp } from '../../mesh/services/protocol';

/**
 * Tells for a call that fails, or that is not encrypted although somebody wrote
 * that it should be, which one rule speaks about it: the most specific one.
 */
export class Blamer {
  private strays?: Strays;

  constructor(private readonly model: MeshModel) {}

  /** What a call suffers from; undefined where nothing is wrong with it. */
  blame(connection: Connection): Blame | undefined {
    switch (connection.outcome.value) {
      case 'fail': return this.blameFailure(connection);
      case 'plaintext':
      case 'tls-to-app': return this.blamePlaintext(connection);
      case 'mtls': return connection.client.isGateway ? this.wrapped(connection) : undefined;
      default: return undefined;
    }
  }

  private blameFailure(connection: Connection): Blame {
    const { wire, serverMode, outcome, server } = connection;
    const sent = wire.decidedBy.cause;
    const decided = outcome.decidedBy.cause;
    if (decided === 'headless-target-port') return blame('MTLS230', outcome.decidedBy, connection);
    if (decided === 'server-identity') return blame('MTLS228', outcome.decidedBy, connection);
    if (sent === 'undeclared-port') return undeclaredPort(connection);
    if (sent === 'missing-subset') return this.missingSubset(connection);
    if (sent === 'hidden') return blame('MTLS226', wire.decidedBy, connection);
    if (sent === 'excluded-outbound') return blame('MTLS218', wire.decidedBy, connection);
    if (serverMode.decidedBy.cause === 'excluded-inbound') {
      return this.stray(connection, ['DISABLE']) ?? blame('MTLS218', serverMode.decidedBy, connection);
    }
    const lost = EXPLICIT.has(sent) ? undefined : lostTls(connection, this.model);
    if (lost?.lost !== undefined && cures(lost.lost.mode, connection)) return lost;
    if (sent === 'rule-at-endpoint') return lost ?? blame('MTLS208', wire.decidedBy, connection);
    if (server?.isGateway) return blame('MTLS221', EXPLICIT.has(sent) ? wire.decidedBy : outcome.decidedBy, connection);
    switch (wire.value.sends) {
      case 'plaintext': return this.plaintextRefused(connection, sent);
      case 'istio-mtls': return this.mtlsRefused(connection, sent);
      case 'tls': return blame(decided === 'protocol' || serverMode.value === 'STRICT' ? 'MTLS204' : 'MTLS227', wire.decidedBy, connection);
      default: return blame('MTLS235', outcome.decidedBy, connection);
    }
  }

  private plaintextRefused(connection: Connection, sent: Cause | undefined): Blame {
    const { wire, serverMode, server, outcome } = connection;
    if (outcome.decidedBy.cause === 'protocol') return blame('MTLS227', outcome.because[1], connection);
    switch (sent) {
      case 'rule-disable': return blame('MTLS201', wire.decidedBy, connection);
      case 'rule-without-mode': return blame('MTLS210', wire.decidedBy, connection);
      case 'credential-on-sidecar': return blame('MTLS211', wire.decidedBy, connection);
      case 'certificates-missing': return blame('MTLS215', wire.decidedBy, connection);
      case 'tls-mode-label': return blame('MTLS225', wire.decidedBy, connection);
      case 'ztunnel':
      case 'waypoint': return blame('MTLS233', wire.decidedBy, connection, server?.object);
      default:
    }
    const stray = this.stray(connection, ['ISTIO_MUTUAL']);
    if (stray !== undefined) return stray;
    switch (sent) {
      case 'namespace-disabled': return blame('MTLS207', serverMode.decidedBy, connection);
      case 'external-host': return blame('MTLS229', wire.decidedBy, connection);
      case 'bare-endpoint': return server?.dataPlane.value === 'ambient' ? blame('MTLS232', wire.decidedBy, connection) : this.bareEndpoint(connection);
      case 'auto-off': return this.autoOff(connection);
      default: return server?.dataPlane.value === 'ambient' ? blame('MTLS232', wire.decidedBy, connection, server.object) : blame('MTLS235', outcome.decidedBy, connection);
    }
  }

  private mtlsRefused(connection: Connection, sent: Cause | undefined): Blame {
    const { wire, serverMode, server, service, outcome } = connection;
    const isExplicit = sent === 'rule-istio-mutual';
    if (outcome.decidedBy.cause === 'protocol') return blame('MTLS227', outcome.because[1], connection);
    if (isExplicit) {
      const stray = this.stray(connection, server === undefined ? ['DISABLE', 'SIMPLE', 'MUTUAL'] : ['DISABLE']);
      if (stray !== undefined) return stray;
      if (serverMode.value === 'DISABLE') return blame('MTLS203', wire.decidedBy, connection);
      const code = isApiServer(service.object) ? 'MTLS222' : service.isExternal && server === undefined ? 'MTLS223' : 'MTLS202';
      return blame(code, wire.decidedBy, connection, server?.object ?? service.object);
    }
    if (serverMode.value === 'DISABLE') return blame('MTLS213', serverMode.decidedBy, connection);
    return server === undefined ? blame('MTLS235', outcome.decidedBy, connection) : blame('MTLS231', server.labelReason('security.istio.io/tlsMode', ''), connection);
  }

  /** Where the pod is to be changed that keeps all the others from being sent mTLS. */
  private bareEndpoint(connection: Connection): Blame {
    const { service, port, wire } = connection;
    const servicePort = service.ports.find(({ number }) => number === port);
    const bare = servicePort && this.model.inventory.endpoints.of(service, servicePort).find(({ tlsMode, workload }) => tlsMode === 'disabled' && workload);
    const workload = bare?.workload;
    if (workload === undefined) return blame('MTLS212', wire.decidedBy, connection);
    const { decidedBy } = workload.dataPlane;
    return blame('MTLS212', decidedBy.object === workload.object ? decidedBy : workload.objectReason(['metadata', 'name'], ''), connection, service.object);
  }

  /** Nobody tells the client to use mTLS. The rule that holds is the place to do it, where there is one. */
  private autoOff(connection: Connection): Blame {
    const rule = this.model.ruleFor(connection.client, connection.service);
    return rule === undefined
      ? blame('MTLS205', connection.serverMode.decidedBy, connection)
      : blame('MTLS205', { object: (rule.policy ?? rule.first).object, field: ['spec', 'trafficPolicy', 'tls'], text: '' }, connection);
  }

  /** Plaintext is what the manifests ask for, unless a tls block was written for the call and does not count. */
  private blamePlaintext(connection: Connection): Blame | undefined {
    const { wire, service, client } = connection;
    const sent = wire.decidedBy.cause;
    const unwrapped = client.isGateway && wire.value.sends === 'plaintext' ? this.unwrapped(connection) : undefined;
    if (unwrapped !== undefined) return unwrapped;
    switch (sent) {
      case 'rule-own-tls': return this.isDoubled(connection) && !client.isGateway ? blame('MTLS219', wire.decidedBy, connection, service.object) : undefined;
      case 'credential-on-sidecar': return blame('MTLS211', wire.decidedBy, connection);
      case 'certificates-missing': return blame('MTLS215', wire.decidedBy, connection);
      case 'rule-without-mode': return blame('MTLS210', wire.decidedBy, connection);
      case 'rule-at-endpoint': return lostTls(connection, this.model) ?? blame('MTLS208', wire.decidedBy, connection);
      case 'auto-off':
      case 'namespace-disabled':
      case 'external-host':
      case 'bare-endpoint':
      case 'no-sidecar':
      case 'endpoint-outside': break;
      default: return undefined;
    }
    if (wire.value.sends !== 'plaintext') return undefined;
    const wanted = plaintextCures(connection);
    const lost = lostTls(connection, this.model);
    if (lost !== undefined) return wanted.includes(lost.lost!.mode) ? lost : undefined;
    return this.stray(connection, service.isHeadless ? [] : wanted);
  }

  /** Whether the application speaks TLS itself on a port for which the rule originates it once more. */
  private isDoubled({ service, port }: Connection): boolean {
    const protocol = service.ports.find(({ number }) => number === port)?.protocol;
    return protocol === 'https' || protocol === 'tls';
  }

  /** A gateway ends the TLS of its clients, and sends plain HTTP to a port where the server speaks TLS. */
  private unwrapped(connection: Connection): Blame | undefined {
    const route = this.isDoubled(connection) ? this.routeOf(connection, 'http') : undefined;
    if (route === undefined) return undefined;
    const rule = this.model.ruleFor(connection.client, connection.service);
    const place: Reason = rule === undefined ? route : { ...route, object: (rule.policy ?? rule.first).object, field: ['spec', 'trafficPolicy', 'tls'] };
    return blame('MTLS238', place, connection, route.object, connection.service.object);
  }

  /** A gateway passes on TLS that it does not end, and wraps it in mesh mTLS: the application gets the inner handshake. */
  private wrapped(connection: Connection): Blame | undefined {
    const { service, port } = connection;
    const protocol = service.ports.find(({ number }) => number === port)?.protocol;
    const route = protocol !== undefined && isHttp(protocol) ? this.routeOf(connection, 'tls') : undefined;
    return route === undefined ? undefined : blame('MTLS239', route, connection, service.object);
  }

  /** The route of a VirtualService by which a gateway makes a call, where it is of the given kind. */
  private routeOf({ client, host, port }: Connection, kind: 'http' | 'tls'): Reason | undefined {
    const route = this.model.known.callTo(client, host, port)?.because;
    return route?.object?.key === Kinds.VIRTUAL_SERVICE && route.field[1] === kind ? route : undefined;
  }

  /** A rule that defines the subset may be there, under a host that is nobody's. */
  private missingSubset(connection: Connection): Blame {
    this.strays ??= new Strays(this.model);
    return this.strays.withSubset(connection) ?? blame('MTLS237', connection.wire.decidedBy, connection, connection.service.object);
  }

  private stray(connection: Connection, modes: readonly TlsMode[]): Blame | undefined {
    this.strays ??= new Strays(this.model);
    return this.strays.cureFor(connection, modes);
  }
}

/** The Service that should list the port; where there is none, the StatefulSet that names it. */
function undeclaredPort(connection: Connection): Blame {
  const { object } = connection.service;
  const field = object.key === Kinds.SERVICE ? ['spec', 'ports'] : ['spec', 'serviceName'];
  return blame('MTLS236', { object, field, text: '' }, connection);
}

/** What only a tls block of a rule decides. */
const EXPLICIT: ReadonlySet<Cause | undefined> = new Set<Cause>(['rule-disable', 'rule-without-mode', 'rule-istio-mutual', 'rule-own-tls', 'credential-on-sidecar', 'certificates-missing']);

/** Whether a tls block would make a failing call work. */
function cures(mode: TlsMode, { wire, serverMode }: Connection): boolean {
  return wire.value.sends === 'plaintext' ? mode === 'ISTIO_MUTUAL' && serverMode.value !== 'DISABLE' : mode === 'DISABLE';
}

/** The modes that would make an unencrypted call an encrypted one that works. */
function plaintextCures({ server, serverMode }: Connection): readonly TlsMode[] {
  const takesMtls = server !== undefined && serverMode.value === 'PERMISSIVE';
  return takesMtls ? ['ISTIO_MUTUAL'] : serverMode.value === 'none' ? ['SIMPLE', 'MUTUAL'] : [];
}

/** Blames the field that a reason names; where it names none, as for the mesh configuration, what made the server strict, or the server itself. */
function blame(code: string, reason: Reason, connection: Connection, ...more: (MeshObject | undefined)[]): Blame {
  const { serverMode, wire, service, server } = connection;
  const decided = [reason, serverMode.decidedBy, wire.decidedBy].find(({ object }) => object !== undefined);
  const at = decided?.object ?? server?.object ?? service.object;
  return { code, at, field: decided?.field ?? [], see: more.filter((one): one is MeshObject => one !== undefined) };
}
