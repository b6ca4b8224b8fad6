import io.github.cdk8sistiomtls.ClientTls;
import io.github.cdk8sistiomtls.Finding;
import io.github.cdk8sistiomtls.IstioMesh;
import io.github.cdk8sistiomtls.MeshStrictMtls;
import io.github.cdk8sistiomtls.MtlsReport;
import io.github.cdk8sistiomtls.MtlsValidation;
import io.github.cdk8sistiomtls.ServiceClientTls;
import io.github.cdk8sistiomtls.ServiceRef;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;

public class Refused {
    static Map<String, Object> deployment(String name) {
        return Map.of(
            "apiVersion", "apps/v1",
            "kind", "Deployment",
            "metadata", Map.of("name", name, "namespace", "shop"),
            "spec", Map.of("template", Map.of(
                "metadata", Map.of("labels", Map.of("app", name)),
                "spec", Map.of("containers", List.of(Map.of("name", name))))));
    }

    public static void main(String[] args) {
        Map<String, Object> namespace = Map.of(
            "apiVersion", "v1",
            "kind", "Namespace",
            "metadata", Map.of("name", "shop", "labels", Map.of("istio-injection", "enabled")));
        Map<String, Object> service = Map.of(
            "apiVersion", "v1",
            "kind", "Service",
            "metadata", Map.of("name", "web", "namespace", "shop"),
            "spec", Map.of(
                "selector", Map.of("app", "web"),
                "ports", List.of(Map.of("name", "http", "port", 80, "targetPort", 8080))));

        App app = new App();
        Chart chart = Chart.Builder.create(app, "shop").namespace("shop").build();
        // What other teams have deployed, as plain data.
        IstioMesh.Builder.create(chart, "facts").context(List.of(namespace, deployment("web"), deployment("cart"), service)).build();
        new MeshStrictMtls(chart, "strict");
        ServiceClientTls.Builder.create(chart, "plain").service(ServiceRef.named("web", "shop")).tls(ClientTls.disable()).build();

        for (Finding finding : MtlsValidation.check(app)) {
            System.out.println(finding.getCode() + " at " + finding.getAt().getPlace() + ": " + finding.getWhat());
        }
        System.out.println(MtlsReport.of(app).connection("shop/cart", "web", 80).getBecause().get(0));
        app.synth(); // fails, with the same finding
    }
}
