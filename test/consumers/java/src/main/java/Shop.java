import io.github.cdk8sistiomtls.ClientTls;
import io.github.cdk8sistiomtls.ExternalServiceTls;
import io.github.cdk8sistiomtls.IstioMesh;
import io.github.cdk8sistiomtls.MeshDataPlane;
import io.github.cdk8sistiomtls.MeshNamespace;
import io.github.cdk8sistiomtls.MeshStrictMtls;
import io.github.cdk8sistiomtls.ServiceClientTls;
import io.github.cdk8sistiomtls.ServicePort;
import io.github.cdk8sistiomtls.ServiceRef;
import io.github.cdk8sistiomtls.SimpleTlsOptions;
import io.github.cdk8sistiomtls.TlsVersion;
import io.github.cdk8sistiomtls.WorkloadMtlsException;
import io.github.cdk8sistiomtls.WorkloadPort;
import io.github.cdk8sistiomtls.WorkloadSelector;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;

public class Shop {
    public static void main(String[] args) {
        App app = new App();

        Chart mesh = new Chart(app, "mesh");
        IstioMesh.Builder.create(mesh, "facts").minProtocolVersion(TlsVersion.TLS_V1_3).build();
        new MeshStrictMtls(mesh, "strict");

        Chart shop = Chart.Builder.create(app, "shop").namespace("shop").build();
        MeshNamespace.Builder.create(shop, "namespace").name("shop").dataPlane(MeshDataPlane.SIDECAR).build();
        WorkloadMtlsException.Builder.create(shop, "metrics")
            .workload(WorkloadSelector.labels(Map.of("app", "web")))
            .ports(List.of(WorkloadPort.number(9090)))
            .reason("Prometheus scrapes from outside the mesh")
            .owner("team-observability")
            .build();
        ExternalServiceTls.Builder.create(shop, "payments")
            .host("payments.example.com")
            .tls(ClientTls.simple(SimpleTlsOptions.builder()
                .sni("payments.example.com")
                .subjectAltNames(List.of("payments.example.com"))
                .build()))
            .build();
        ServiceClientTls legacy = ServiceClientTls.Builder.create(shop, "legacy")
            .service(ServiceRef.named("legacy", "old"))
            .tls(ClientTls.disable())
            .build();
        legacy.addPortTls(
            ServicePort.number(8443),
            ClientTls.simple(SimpleTlsOptions.builder().caCertificates("/etc/certs/legacy.pem").build()));

        app.synth();
    }
}
