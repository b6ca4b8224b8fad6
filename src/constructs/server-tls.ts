import { IConstruct } from 'constructs';
import { fail, show } from './private/errors';
import { refuseOtherKeys, requireArray, requireEnum, requireObject, requireText, requireTexts } from './private/require';

/** The TLS versions of a gateway. */
export enum ServerTlsVersion {
  /** Istio's own choice: at least TLS 1.2, at most TLS 1.3. */
  TLS_AUTO = 'TLS_AUTO',

  /** TLS 1.0. Needs `cipherSuites`, because none of Istio's own fits it. */
  TLSV1_0 = 'TLSV1_0',

  /** TLS 1.1. Needs `cipherSuites`, because none of Istio's own fits it. */
  TLSV1_1 = 'TLSV1_1',

  /** TLS 1.2. */
  TLSV1_2 = 'TLSV1_2',

  /** TLS 1.3. */
  TLSV1_3 = 'TLSV1_3',
}

/** Options of `ServerTls.simple()`. Give exactly one of `credentialName`, `credentialNames`, and `serverCertificate` with `privateKey`. */
export interface ServerSimpleTlsOptions {
  /**
   * The Secret, in the gateway's namespace, with the server's certificate and key.
   *
   * @default - one of the other sources
   */
  readonly credentialName?: string;

  /**
   * Secrets with certificates of different kinds (RSA and ECDSA), of which the
   * client takes the one it can.
   *
   * @default - one of the other sources
   */
  readonly credentialNames?: string[];

  /**
   * The file, in the gateway, with the server's certificate.
   *
   * @default - one of the other sources
   */
  readonly serverCertificate?: string;

  /**
   * The file, in the gateway, with the private key of the certificate.
   *
   * @default - one of the other sources
   */
  readonly privateKey?: string;

  /**
   * The least TLS version.
   *
   * @default ServerTlsVersion.TLS_AUTO
   */
  readonly minProtocolVersion?: ServerTlsVersion;

  /**
   * The greatest TLS version.
   *
   * @default ServerTlsVersion.TLS_AUTO
   */
  readonly maxProtocolVersion?: ServerTlsVersion;

  /**
   * The cipher suites for TLS 1.2 and before, by their OpenSSL names, best first.
   * TLS 1.3 has its own. A name that Istio does not know is an error, because Istio
   * leaves it out with no more than a warning (`ValidCipherSuites`).
   *
   * @default - Istio's own list
   */
  readonly cipherSuites?: string[];
}

/** Options of `ServerTls.mutual()` and `ServerTls.optionalMutual()`. */
export interface ServerMutualTlsOptions extends ServerSimpleTlsOptions {
  /**
   * The file, in the gateway, with the CA certificates that the client's
   * certificate must chain to. Beside `credentialName` they come from that Secret
   * (`ca.crt`), or from the Secret of that name with `-cacert` added.
   *
   * @default - from the Secret; an error where the server's certificate is in a file
   */
  readonly caCertificates?: string;

  /**
   * The file, in the gateway, with the client certificates that are revoked. Beside
   * `credentialName` the list comes from the Secret (`ca.crl`).
   *
   * @default - nothing is revoked
   */
  readonly caCrl?: string;

  /**
   * The names that the client's certificate may have.
   *
   * @default - any name
   */
  readonly subjectAltNames?: string[];
}

/** Options of `ServerTls.istioMutual()`. */
export interface ServerIstioMutualTlsOptions {
  /**
   * The identities that the client's certificate may have, such as
   * `spiffe://cluster.local/ns/shop/sa/web`.
   *
   * @default - every identity of the mesh
   */
  readonly subjectAltNames?: string[];
}

type AnyOptions = ServerMutualTlsOptions;
type Kind = 'simple' | 'mutual' | 'optionalMutual' | 'istioMutual' | 'passthrough' | 'autoPassthrough' | 'httpsRedirect';

const MODES: { readonly [kind in Kind]?: string } = {
  simple: 'SIMPLE',
  mutual: 'MUTUAL',
  optionalMutual: 'OPTIONAL_MUTUAL',
  istioMutual: 'ISTIO_MUTUAL',
  passthrough: 'PASSTHROUGH',
  autoPassthrough: 'AUTO_PASSTHROUGH',
};
const SIMPLE_KEYS = ['credentialName', 'credentialNames', 'serverCertificate', 'privateKey', 'minProtocolVersion', 'maxProtocolVersion', 'cipherSuites'];
const MUTUAL_KEYS = [...SIMPLE_KEYS, 'caCertificates', 'caCrl', 'subjectAltNames'];
const KEYS: { readonly [kind in Kind]: string[] } = {
  simple: SIMPLE_KEYS,
  mutual: MUTUAL_KEYS,
  optionalMutual: MUTUAL_KEYS,
  istioMutual: ['subjectAltNames'],
  passthrough: [],
  autoPassthrough: [],
  httpsRedirect: [],
};
const VERSIONS = [ServerTlsVersion.TLSV1_0, ServerTlsVersion.TLSV1_1, ServerTlsVersion.TLSV1_2, ServerTlsVersion.TLSV1_3];
const CIPHER_SUITES = [
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA',
];

/**
 * How a gateway's server treats TLS (`Gateway`, `servers[].tls`).
 *
 * Combinations that Istio's webhook rejects (`validateTLSOptions`), and those of
 * which it ignores a part, are errors of the construct that this is given to.
 */
export class ServerTls {
  /** The gateway ends TLS and asks for no certificate of the client. */
  static simple(options: ServerSimpleTlsOptions): ServerTls {
    return new ServerTls('simple', options);
  }

  /** The gateway ends TLS and requires a certificate of the client. */
  static mutual(options: ServerMutualTlsOptions): ServerTls {
    return new ServerTls('mutual', options);
  }

  /** The gateway ends TLS and verifies a certificate of the client where it has one. */
  static optionalMutual(options: ServerMutualTlsOptions): ServerTls {
    return new ServerTls('optionalMutual', options);
  }

  /**
   * The gateway ends mutual TLS with the certificates of the mesh, for clients in the
   * mesh. TLS versions are those of the mesh (`IstioMesh`, `minProtocolVersion`).
   */
  static istioMutual(options: ServerIstioMutualTlsOptions = {}): ServerTls {
    return new ServerTls('istioMutual', options);
  }

  /** The gateway hands TLS on unopened, by its server name and the routes of VirtualServices. */
  static passthrough(): ServerTls {
    return new ServerTls('passthrough', {});
  }

  /** The gateway hands TLS on unopened, by its server name alone: between clusters of one mesh. */
  static autoPassthrough(): ServerTls {
    return new ServerTls('autoPassthrough', {});
  }

  /** The server speaks plaintext HTTP and answers every request with a redirect (301) to HTTPS. */
  static httpsRedirect(): ServerTls {
    return new ServerTls('httpsRedirect', {});
  }

  private constructor(private readonly kind: Kind, private readonly options: AnyOptions) {}

  /**
   * The protocols that the server's port can have, the usual one first.
   * @internal
   */
  public get _protocols(): string[] {
    return this.kind === 'httpsRedirect' ? ['HTTP', 'HTTP2', 'GRPC']
      : this.kind === 'passthrough' || this.kind === 'autoPassthrough' ? ['TLS', 'HTTPS'] : ['HTTPS', 'TLS'];
  }

  /**
   * What to write as `tls`, or an error.
   * @internal
   */
  public _spec(owner: IConstruct, what: string): object {
    const { kind, options } = this;
    requireObject(owner, what, options);
    const why = kind === 'istioMutual' ? ', which the certificates and the settings of the mesh decide' : '';
    refuseOtherKeys(owner, `${what}: ServerTls.${kind}`, options, KEYS[kind], why);
    if (kind === 'httpsRedirect') {
      return { httpsRedirect: true };
    }
    const spec: { [key: string]: unknown } = { mode: MODES[kind] };
    for (const key of ['credentialName', 'serverCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const) {
      if (options[key] !== undefined) {
        spec[key] = requireText(owner, `${what}: ${key}`, options[key]);
      }
    }
    for (const key of ['credentialNames', 'subjectAltNames'] as const) {
      if (options[key] !== undefined) {
        spec[key] = requireTexts(owner, `${what}: ${key}`, options[key]);
      }
    }
    if (KEYS[kind].includes('credentialName')) {
      this.requireCertificates(owner, what);
      Object.assign(spec, this.parameters(owner, what));
    }
    return spec;
  }

  private requireCertificates(owner: IConstruct, what: string): void {
    const { credentialName, credentialNames, serverCertificate, privateKey, caCertificates, caCrl } = this.options;
    const hasFiles = serverCertificate !== undefined || privateKey !== undefined;
    const sources = [
      ...(credentialName === undefined ? [] : ['credentialName']),
      ...(credentialNames === undefined ? [] : ['credentialNames']),
      ...(hasFiles ? ['serverCertificate and privateKey'] : []),
    ];
    if (sources.length !== 1) {
      fail(owner, `'${what}' needs exactly one of credentialName, credentialNames, and serverCertificate with privateKey; got ${sources.join(', ') || 'none'}`);
    }
    if (hasFiles && (serverCertificate === undefined || privateKey === undefined)) {
      fail(owner, `'${what}' needs both serverCertificate and privateKey; got only ${privateKey === undefined ? 'serverCertificate' : 'privateKey'}`);
    }
    if (this.kind !== 'simple') {
      const fromFiles = [...(caCertificates === undefined ? [] : ['caCertificates']), ...(caCrl === undefined ? [] : ['caCrl'])];
      if (!hasFiles && fromFiles.length > 0) {
        fail(owner, `'${what}' has ${sources[0]} and ${fromFiles.join(', ')}, which Istio would not use; put them into the Secret (ca.crt, ca.crl)`);
      }
      if (hasFiles && caCertificates === undefined) {
        fail(owner, `'${what}' needs caCertificates, the CA certificates for the client's certificate; got none`);
      }
    }
  }

  private parameters(owner: IConstruct, what: string): object {
    const { minProtocolVersion, maxProtocolVersion, cipherSuites } = this.options;
    const version = (key: string, value: ServerTlsVersion | undefined) =>
      (value === undefined ? ServerTlsVersion.TLS_AUTO : requireEnum(owner, `${what}: ${key}`, value, ServerTlsVersion));
    const min = version('minProtocolVersion', minProtocolVersion);
    const max = version('maxProtocolVersion', maxProtocolVersion);
    const least = min === ServerTlsVersion.TLS_AUTO ? ServerTlsVersion.TLSV1_2 : min;
    const greatest = max === ServerTlsVersion.TLS_AUTO ? ServerTlsVersion.TLSV1_3 : max;
    if (VERSIONS.indexOf(least) > VERSIONS.indexOf(greatest)) {
      fail(owner, `'${what}' has minProtocolVersion ${min === least ? min : `${min} (${least})`} above maxProtocolVersion ${greatest}; no client could connect`);
    }
    if (cipherSuites !== undefined) {
      this.requireCipherSuites(owner, what, cipherSuites, least);
    } else if (VERSIONS.indexOf(least) < VERSIONS.indexOf(ServerTlsVersion.TLSV1_2)) {
      fail(owner, `'${what}' has minProtocolVersion ${least} without cipherSuites, and none of Istio's own fits it; give cipherSuites, such as ECDHE-RSA-AES128-SHA`);
    }
    return {
      ...(minProtocolVersion === undefined ? {} : { minProtocolVersion }),
      ...(maxProtocolVersion === undefined ? {} : { maxProtocolVersion }),
      ...(cipherSuites === undefined ? {} : { cipherSuites: [...cipherSuites] }),
    };
  }

  private requireCipherSuites(owner: IConstruct, what: string, suites: readonly string[], least: ServerTlsVersion): void {
    const key = `${what}: cipherSuites`;
    requireArray(owner, key, requireTexts(owner, key, suites), 'strings');
    if (least === ServerTlsVersion.TLSV1_3) {
      fail(owner, `'${key}' has no effect from TLS 1.3 on, which minProtocolVersion requires; leave it out`);
    }
    // Istio lets expressions of OpenSSL through unread; they begin with another character.
    const unknown = suites.filter(suite => suite !== 'ALL' && /^[\p{L}\p{N}]/u.test(suite) && !CIPHER_SUITES.includes(suite));
    if (unknown.length > 0) {
      fail(owner, `'${key}' has ${unknown.map(show).join(', ')}, which Istio does not know and leaves out; it knows ${CIPHER_SUITES.join(', ')}`);
    }
    const twice = suites.filter((suite, i) => suites.indexOf(suite) !== i);
    if (twice.length > 0) {
      fail(owner, `'${key}' has ${[...new Set(twice)].map(show).join(', ')} twice`);
    }
  }
}
