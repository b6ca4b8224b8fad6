import { IConstruct } from 'constructs';
import { fail, show } from './private/errors';
import { isDnsLabel, refuseOtherKeys, requireBoolean, requireObject, requireText, requireTexts } from './private/require';

/** Options of `ClientTls.istioMutual()`. */
export interface IstioMutualTlsOptions {
  /**
   * The server name that the client asks for.
   *
   * @default - Istio's name for the destination, which servers in the mesh expect
   */
  readonly sni?: string;

  /**
   * The identities that the server's certificate may have, such as
   * `spiffe://cluster.local/ns/shop/sa/web`.
   *
   * @default - the service accounts of the destination's endpoints
   */
  readonly subjectAltNames?: string[];
}

/** Options of `ClientTls.simple()`. */
export interface SimpleTlsOptions {
  /**
   * The file, in the client's proxy, with the CA certificates that the server's
   * certificate must chain to. Not together with `credentialName`.
   *
   * @default - the CA certificates of the proxy's operating system (since Istio 1.24; before, nothing was verified unless asked for)
   */
  readonly caCertificates?: string;

  /**
   * The Secret with the CA certificates, or `configmap://<namespace>/<name>`. A
   * gateway reads a Secret in its own namespace. A sidecar reads it only where the
   * rule has a `workloadSelector`, and otherwise sends plaintext.
   *
   * @default - files are used
   */
  readonly credentialName?: string;

  /**
   * The file, in the client's proxy, with the certificates that are revoked. Not
   * together with `credentialName`, whose Secret can hold the list itself.
   *
   * @default - nothing is revoked
   */
  readonly caCrl?: string;

  /**
   * The server name that the client asks for.
   *
   * Give `subjectAltNames` with it: Istio checks the server's certificate against
   * the name that was called only where neither of the two is given
   * (`setAutoSniAndAutoSanValidation`).
   *
   * @default - the host that the application called, for HTTP; none for TCP
   */
  readonly sni?: string;

  /**
   * The names that the server's certificate may have.
   *
   * @default - the host that the application called, for HTTP without `sni`; otherwise any name
   */
  readonly subjectAltNames?: string[];

  /**
   * Whether to accept any certificate of the server. Not together with
   * `caCertificates`, `credentialName`, `caCrl` or `subjectAltNames`, which would not be used.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** Options of `ClientTls.mutual()`. */
export interface MutualTlsOptions {
  /** The file, in the client's proxy, with the client's certificate. */
  readonly clientCertificate: string;

  /** The file, in the client's proxy, with the private key of the client's certificate. */
  readonly privateKey: string;

  /**
   * The file, in the client's proxy, with the CA certificates that the server's
   * certificate must chain to.
   *
   * @default - the CA certificates of the proxy's operating system (since Istio 1.24; before, nothing was verified unless asked for)
   */
  readonly caCertificates?: string;

  /**
   * The file, in the client's proxy, with the certificates that are revoked.
   *
   * @default - nothing is revoked
   */
  readonly caCrl?: string;

  /**
   * The server name that the client asks for. Give `subjectAltNames` with it: see `SimpleTlsOptions.sni`.
   *
   * @default - the host that the application called, for HTTP; none for TCP
   */
  readonly sni?: string;

  /**
   * The names that the server's certificate may have.
   *
   * @default - the host that the application called, for HTTP without `sni`; otherwise any name
   */
  readonly subjectAltNames?: string[];

  /**
   * Whether to accept any certificate of the server. Not together with
   * `caCertificates`, `caCrl` or `subjectAltNames`, which would not be used.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** Options of `ClientTls.mutualFromSecret()`. */
export interface MutualTlsFromSecretOptions {
  /**
   * The Secret with the client's certificate, its key and the CA certificates. A
   * gateway reads it in its own namespace. A sidecar reads it only where the rule
   * has a `workloadSelector`, and otherwise sends plaintext.
   */
  readonly credentialName: string;

  /**
   * The server name that the client asks for. Give `subjectAltNames` with it: see `SimpleTlsOptions.sni`.
   *
   * @default - the host that the application called, for HTTP; none for TCP
   */
  readonly sni?: string;

  /**
   * The names that the server's certificate may have.
   *
   * @default - the host that the application called, for HTTP without `sni`; otherwise any name
   */
  readonly subjectAltNames?: string[];

  /**
   * Whether to accept any certificate of the server. Not together with
   * `subjectAltNames`, which would not be used.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

const CONFIG_MAP = 'configmap://';
const KEYS = {
  disable: [] as string[],
  istioMutual: ['sni', 'subjectAltNames'],
  simple: ['caCertificates', 'credentialName', 'caCrl', 'sni', 'subjectAltNames', 'insecureSkipVerify'],
  mutual: ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl', 'sni', 'subjectAltNames', 'insecureSkipVerify'],
  mutualFromSecret: ['credentialName', 'sni', 'subjectAltNames', 'insecureSkipVerify'],
};
const MODES = { disable: 'DISABLE', istioMutual: 'ISTIO_MUTUAL', simple: 'SIMPLE', mutual: 'MUTUAL', mutualFromSecret: 'MUTUAL' };

/** Every option that some factory takes. */
interface AnyOptions {
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly credentialName?: string;
  readonly caCrl?: string;
  readonly sni?: string;
  readonly subjectAltNames?: string[];
  readonly insecureSkipVerify?: boolean;
}

/** What a DestinationRule says under `tls`. */
interface TlsSpec extends AnyOptions {
  readonly mode: string;
}

/**
 * What a client's proxy sends to a host (`DestinationRule`, `tls`).
 *
 * Combinations that Istio's webhook rejects (`ValidateTLS`), and those of which
 * it ignores a part, are errors of the construct that this is given to.
 */
export class ClientTls {
  /**
   * The application's bytes as they are: plaintext, unless the application itself
   * speaks TLS. Also switches auto mTLS off for the host.
   */
  static disable(): ClientTls {
    return new ClientTls('disable', {});
  }

  /**
   * Mutual TLS with the certificates of the mesh. Also sent to servers without
   * proxy, which do not understand it.
   */
  static istioMutual(options: IstioMutualTlsOptions = {}): ClientTls {
    return new ClientTls('istioMutual', options);
  }

  /** TLS without a client certificate, as browsers do. */
  static simple(options: SimpleTlsOptions = {}): ClientTls {
    return new ClientTls('simple', options);
  }

  /** Mutual TLS with certificates from files in the client's proxy. */
  static mutual(options: MutualTlsOptions): ClientTls {
    return new ClientTls('mutual', options);
  }

  /** Mutual TLS with certificates from a Secret. */
  static mutualFromSecret(options: MutualTlsFromSecretOptions): ClientTls {
    return new ClientTls('mutualFromSecret', options);
  }

  private constructor(private readonly kind: keyof typeof KEYS, private readonly options: AnyOptions) {}

  /**
   * The mode, as Istio spells it.
   * @internal
   */
  public get _mode(): string {
    return MODES[this.kind];
  }

  /**
   * What to write as `tls`, or an error.
   * @internal
   */
  public _spec(owner: IConstruct, what: string): TlsSpec {
    const { kind, options } = this;
    requireObject(owner, what, options);
    const why = kind === 'istioMutual' ? ', which Istio ignores beside the certificates of the mesh' : '';
    refuseOtherKeys(owner, `${what}: ClientTls.${kind}`, options, KEYS[kind], why);
    for (const key of kind === 'mutual' ? ['clientCertificate', 'privateKey'] as const : kind === 'mutualFromSecret' ? ['credentialName'] as const : []) {
      requireText(owner, `${what}: ${key}`, options[key]);
    }
    const spec: { -readonly [key in keyof TlsSpec]: TlsSpec[key] } = { mode: this._mode };
    for (const key of ['clientCertificate', 'privateKey', 'caCertificates', 'credentialName', 'caCrl', 'sni'] as const) {
      if (options[key] !== undefined) {
        spec[key] = requireText(owner, `${what}: ${key}`, options[key]);
      }
    }
    if (options.subjectAltNames !== undefined) {
      spec.subjectAltNames = requireTexts(owner, `${what}: subjectAltNames`, options.subjectAltNames);
    }
    if (options.insecureSkipVerify !== undefined) {
      spec.insecureSkipVerify = requireBoolean(owner, `${what}: insecureSkipVerify`, options.insecureSkipVerify);
    }
    this.refuseCombinations(owner, what, spec);
    return spec;
  }

  /**
   * The Secret that only a gateway, or a sidecar named by a selector, can read.
   * @internal
   */
  public get _secret(): string | undefined {
    const name = this.options.credentialName;
    return typeof name === 'string' && !name.startsWith(CONFIG_MAP) ? name : undefined;
  }

  /**
   * Refuses a ConfigMap that Istio does not read from a rule of this namespace.
   * @internal
   */
  public _checkNamespace(owner: IConstruct, what: string, namespace: string): void {
    const name = this.options.credentialName;
    if (typeof name !== 'string' || !name.startsWith(CONFIG_MAP)) {
      return;
    }
    const [of, configMap, ...rest] = name.slice(CONFIG_MAP.length).split('/');
    if (!of || !configMap || rest.length > 0) {
      fail(owner, `'${what}: credentialName' must be ${CONFIG_MAP}<namespace>/<name>; got ${show(name)}`);
    }
    if (of !== namespace || !isDnsLabel(of)) {
      fail(owner, `'${what}: credentialName' must name a ConfigMap in the rule's namespace ${show(namespace)}; got ${show(name)}`);
    }
  }

  private refuseCombinations(owner: IConstruct, what: string, spec: TlsSpec): void {
    if (this.kind === 'simple' && spec.credentialName !== undefined) {
      const files = (['caCertificates', 'caCrl'] as const).filter(key => spec[key] !== undefined);
      if (files.length > 0) {
        fail(owner, `'${what}' has 'credentialName' and ${files.map(show).join(', ')}; Istio takes certificates from a Secret or from files, not from both`);
      }
    }
    if (spec.insecureSkipVerify === true) {
      const unused = (['caCertificates', 'caCrl', 'subjectAltNames'] as const).filter(key => spec[key] !== undefined) as string[];
      if (this.kind === 'simple' && spec.credentialName !== undefined) {
        unused.push('credentialName');
      }
      if (unused.length > 0) {
        fail(owner, `'${what}' has 'insecureSkipVerify: true' and ${unused.map(show).join(', ')}, which would verify nothing; keep one of the two`);
      }
    }
  }
}
