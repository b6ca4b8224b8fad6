from cdk8s import App, Chart
from cdk8s_istio_mtls import (
    ClientTls, ExternalServiceTls, IstioMesh, MeshDataPlane, MeshNamespace, MeshStrictMtls, ServiceClientTls, ServicePort,
    ServiceRef, TlsVersion, WorkloadMtlsException, WorkloadPort, WorkloadSelector,
)

app = App()

mesh = Chart(app, "mesh")
IstioMesh(mesh, "facts", min_protocol_version=TlsVersion.TLS_V1_3)
MeshStrictMtls(mesh, "strict")

shop = Chart(app, "shop", namespace="shop")
MeshNamespace(shop, "namespace", name="shop", data_plane=MeshDataPlane.SIDECAR)
WorkloadMtlsException(
    shop,
    "metrics",
    workload=WorkloadSelector.labels({"app": "web"}),
    ports=[WorkloadPort.number(9090)],
    reason="Prometheus scrapes from outside the mesh",
    owner="team-observability",
)
ExternalServiceTls(
    shop,
    "payments",
    host="payments.example.com",
    tls=ClientTls.simple(sni="payments.example.com", subject_alt_names=["payments.example.com"]),
)
legacy = ServiceClientTls(shop, "legacy", service=ServiceRef.named("legacy", "old"), tls=ClientTls.disable())
legacy.add_port_tls(ServicePort.number(8443), ClientTls.simple(ca_certificates="/etc/certs/legacy.pem"))

app.synth()
