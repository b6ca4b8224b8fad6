/** Connection pools and outlier detection of a DestinationRule. */

import { AT_LEAST_ONE_MILLISECOND, checkDuration, isZeroMilliseconds } from './durations';
import { duration, flag, int32, list, message, uint32, words } from './notation';
import { Report } from './report';

/** Outlier detection as the webhook sees it. */
export interface OutlierDetection {
  readonly consecutiveErrors?: number;
  readonly splitExternalLocalOriginErrors?: boolean;
  readonly consecutiveLocalOriginFailures?: number | null;
  readonly interval?: string;
  readonly baseEjectionTime?: string;
  readonly maxEjectionPercent?: number;
  readonly minHealthPercent?: number;
}

interface Http {
  readonly http1MaxPendingRequests?: number;
  readonly http2MaxRequests?: number;
  readonly maxRequestsPerConnection?: number;
  readonly maxRetries?: number;
  readonly idleTimeout?: string;
  readonly h2UpgradePolicy?: string | number;
  readonly useClientProtocol?: boolean;
  readonly maxConcurrentStreams?: number;
  readonly http2KeepAlive?: { readonly interval?: string; readonly timeout?: string };
}

interface Tcp {
  readonly maxConnections?: number;
  readonly connectTimeout?: string;
  readonly tcpKeepalive?: { readonly time?: string; readonly interval?: string };
  readonly maxConnectionDuration?: string;
  readonly idleTimeout?: string;
}

/** A connection pool as the webhook sees it. */
export interface ConnectionPool {
  readonly tcp?: Tcp;
  readonly http?: Http;
}

const timeout = duration(AT_LEAST_ONE_MILLISECOND);

/** CRD and proto: istio.networking.v1alpha3.ConnectionPoolSettings. Only the TCP idle timeout may be zero. */
export const CONNECTION_POOL = message({
  tcp: message({
    maxConnections: int32(),
    connectTimeout: timeout,
    tcpKeepalive: message({ probes: uint32(), time: timeout, interval: timeout }),
    maxConnectionDuration: timeout,
    idleTimeout: duration(),
  }),
  http: message({
    http1MaxPendingRequests: int32(),
    http2MaxRequests: int32(),
    maxRequestsPerConnection: int32(),
    maxRetries: int32(),
    idleTimeout: timeout,
    h2UpgradePolicy: words(
      'istio.networking.v1alpha3.ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy', 'DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
    useClientProtocol: flag(),
    maxConcurrentStreams: int32(),
    http2KeepAlive: message({ interval: timeout, timeout }),
  }),
});

/** CRD and proto: istio.networking.v1alpha3.OutlierDetection. */
export const OUTLIER_DETECTION = message({
  consecutiveErrors: int32(),
  splitExternalLocalOriginErrors: flag(),
  consecutiveLocalOriginFailures: uint32({ nullable: true }),
  consecutiveGatewayErrors: uint32({ nullable: true }),
  consecutive5xxErrors: uint32({ nullable: true }),
  interval: timeout,
  baseEjectionTime: timeout,
  maxEjectionPercent: int32(),
  minHealthPercent: int32(),
  outlierDetectionHttpErrorCodes: list(uint32({ minimum: 100, maximum: 599 })),
});

/** istiod: validation.go validateOutlierDetection. `warn` is false where istiod forgets the warning. */
export function checkOutlierDetection(outlier: OutlierDetection | undefined, report: Report, warn: boolean): void {
  if (outlier === undefined) return;
  report.down('outlierDetection');
  if (outlier.baseEjectionTime !== undefined) checkDuration(outlier.baseEjectionTime, report, 'baseEjectionTime');
  if (warn && (outlier.consecutiveErrors ?? 0) !== 0) {
    report.warn('outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead');
  }
  if (outlier.splitExternalLocalOriginErrors !== true && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    report.webhook(
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
      'consecutiveLocalOriginFailures');
  }
  if (outlier.interval !== undefined) checkDuration(outlier.interval, report, 'interval');
  checkPercent(outlier.maxEjectionPercent, report, 'maxEjectionPercent');
  checkPercent(outlier.minHealthPercent, report, 'minHealthPercent');
  report.up();
}

/** istiod: validation.go ValidatePercent. */
function checkPercent(value: number | undefined, report: Report, step: string): void {
  if (value !== undefined && !(value >= 0 && value <= 100)) report.webhook(`percentage ${value} is not in range 0..100`, step, '0 to 100');
}

/** istiod: validation.go validateConnectionPool. */
export function checkConnectionPool(pool: ConnectionPool | undefined, report: Report): void {
  if (pool === undefined) return;
  report.down('connectionPool');
  if (pool.http === undefined && pool.tcp === undefined) report.webhook('connection pool must have at least one field', undefined, 'tcp, http');
  if (pool.http !== undefined) checkHttp(pool.http, report);
  if (pool.tcp !== undefined) checkTcp(pool.tcp, report);
  report.up();
}

function checkHttp(http: Http, report: Report): void {
  report.down('http');
  checkCount(http.http1MaxPendingRequests, 'http1 max pending requests', report, 'http1MaxPendingRequests');
  checkCount(http.http2MaxRequests, 'http2 max requests', report, 'http2MaxRequests');
  checkCount(http.maxRequestsPerConnection, 'max requests per connection', report, 'maxRequestsPerConnection');
  checkCount(http.maxRetries, 'max retries', report, 'maxRetries');
  if (http.idleTimeout !== undefined) checkDuration(http.idleTimeout, report, 'idleTimeout');
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true) {
    report.webhook('use client protocol must not be true when H2UpgradePolicy is UPGRADE', 'useClientProtocol', 'false');
  }
  checkCount(http.maxConcurrentStreams, 'max concurrent streams', report, 'maxConcurrentStreams');
  const keepAlive = http.http2KeepAlive;
  if (keepAlive !== undefined) {
    report.down('http2KeepAlive');
    if (keepAlive.interval === undefined) report.webhook('http2 keepalive interval is required', 'interval', 'a duration');
    else checkDuration(keepAlive.interval, report, 'interval');
    if (keepAlive.timeout === undefined) report.webhook('http2 keepalive timeout is required', 'timeout', 'a duration');
    else checkDuration(keepAlive.timeout, report, 'timeout');
    report.up();
  }
  report.up();
}

function checkTcp(tcp: Tcp, report: Report): void {
  report.down('tcp');
  checkCount(tcp.maxConnections, 'max connections', report, 'maxConnections');
  if (tcp.connectTimeout !== undefined) checkDuration(tcp.connectTimeout, report, 'connectTimeout');
  if (tcp.maxConnectionDuration !== undefined) checkDuration(tcp.maxConnectionDuration, report, 'maxConnectionDuration');
  if (tcp.idleTimeout !== undefined && !isZeroMilliseconds(tcp.idleTimeout)) checkDuration(tcp.idleTimeout, report, 'idleTimeout');
  const keepAlive = tcp.tcpKeepalive;
  if (keepAlive !== undefined) {
    report.down('tcpKeepalive');
    if (keepAlive.time !== undefined) checkDuration(keepAlive.time, report, 'time');
    if (keepAlive.interval !== undefined) checkDuration(keepAlive.interval, report, 'interval');
    report.up();
  }
  report.up();
}

function checkCount(value: number | undefined, what: string, report: Report, step: string): void {
  if (value !== undefined && value < 0) report.webhook(`${what} must be non-negative`, step, '0 or more');
}
