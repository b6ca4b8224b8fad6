package main

import (
	"github.com/aws/jsii-runtime-go"
	mtls "github.com/cdk8s-istio-mtls/cdk8s-istio-mtls-go/cdk8sistiomtls"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	defer jsii.Close()
	app := cdk8s.NewApp(nil)

	mesh := cdk8s.NewChart(app, jsii.String("mesh"), nil)
	mtls.NewIstioMesh(mesh, jsii.String("facts"), &mtls.IstioMeshProps{MinProtocolVersion: mtls.TlsVersion_TLS_V1_3})
	mtls.NewMeshStrictMtls(mesh, jsii.String("strict"), nil)

	shop := cdk8s.NewChart(app, jsii.String("shop"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	mtls.NewMeshNamespace(shop, jsii.String("namespace"), &mtls.MeshNamespaceProps{
		Name:      jsii.String("shop"),
		DataPlane: mtls.MeshDataPlane_SIDECAR,
	})
	mtls.NewWorkloadMtlsException(shop, jsii.String("metrics"), &mtls.WorkloadMtlsExceptionProps{
		Workload: mtls.WorkloadSelector_Labels(&map[string]*string{"app": jsii.String("web")}),
		Ports:    &[]mtls.WorkloadPort{mtls.WorkloadPort_Number(jsii.Number(9090))},
		Reason:   jsii.String("Prometheus scrapes from outside the mesh"),
		Owner:    jsii.String("team-observability"),
	})
	mtls.NewExternalServiceTls(shop, jsii.String("payments"), &mtls.ExternalServiceTlsProps{
		Host: jsii.String("payments.example.com"),
		Tls: mtls.ClientTls_Simple(&mtls.SimpleTlsOptions{
			Sni:             jsii.String("payments.example.com"),
			SubjectAltNames: jsii.Strings("payments.example.com"),
		}),
	})
	legacy := mtls.NewServiceClientTls(shop, jsii.String("legacy"), &mtls.ServiceClientTlsProps{
		Service: mtls.ServiceRef_Named(jsii.String("legacy"), jsii.String("old")),
		Tls:     mtls.ClientTls_Disable(),
	})
	legacy.AddPortTls(mtls.ServicePort_Number(jsii.Number(8443)), mtls.ClientTls_Simple(&mtls.SimpleTlsOptions{
		CaCertificates: jsii.String("/etc/certs/legacy.pem"),
	}))

	app.Synth()
}
