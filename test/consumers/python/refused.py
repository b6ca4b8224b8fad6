from cdk8s import App, Chart
from cdk8s_istio_mtls import ClientTls, IstioMesh, MeshStrictMtls, MtlsReport, MtlsValidation, ServiceClientTls, ServiceRef


def deployment(name: str) -> dict:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": name}]}}},
    }


namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"istio-injection": "enabled"}}}
service = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]},
}

app = App()
chart = Chart(app, "shop", namespace="shop")
# What other teams have deployed, as plain data.
IstioMesh(chart, "facts", context=[namespace, deployment("web"), deployment("cart"), service])
MeshStrictMtls(chart, "strict")
ServiceClientTls(chart, "plain", service=ServiceRef.named("web", "shop"), tls=ClientTls.disable())

for finding in MtlsValidation.check(app):
    print(f"{finding.code} at {finding.at.place}: {finding.what}")
print(MtlsReport.of(app).connection("shop/cart", "web", 80).because[0])
app.synth()  # fails, with the same finding
