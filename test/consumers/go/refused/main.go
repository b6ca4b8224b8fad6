package main

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	mtls "github.com/cdk8s-istio-mtls/cdk8s-istio-mtls-go/cdk8sistiomtls"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

type object = map[string]interface{}

func deployment(name string) *object {
	return &object{
		"apiVersion": "apps/v1",
		"kind":       "Deployment",
		"metadata":   object{"name": name, "namespace": "shop"},
		"spec": object{"template": object{
			"metadata": object{"labels": object{"app": name}},
			"spec":     object{"containers": []object{{"name": name}}},
		}},
	}
}

func main() {
	defer jsii.Close()
	namespace := &object{
		"apiVersion": "v1",
		"kind":       "Namespace",
		"metadata":   object{"name": "shop", "labels": object{"istio-injection": "enabled"}},
	}
	service := &object{
		"apiVersion": "v1",
		"kind":       "Service",
		"metadata":   object{"name": "web", "namespace": "shop"},
		"spec": object{
			"selector": object{"app": "web"},
			"ports":    []object{{"name": "http", "port": 80, "targetPort": 8080}},
		},
	}

	app := cdk8s.NewApp(nil)
	chart := cdk8s.NewChart(app, jsii.String("shop"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	// What other teams have deployed, as plain data.
	mtls.NewIstioMesh(chart, jsii.String("facts"), &mtls.IstioMeshProps{
		Context: &[]*object{namespace, deployment("web"), deployment("cart"), service},
	})
	mtls.NewMeshStrictMtls(chart, jsii.String("strict"), nil)
	mtls.NewServiceClientTls(chart, jsii.String("plain"), &mtls.ServiceClientTlsProps{
		Service: mtls.ServiceRef_Named(jsii.String("web"), jsii.String("shop")),
		Tls:     mtls.ClientTls_Disable(),
	})

	for _, finding := range *mtls.MtlsValidation_Check(app) {
		fmt.Printf("%s at %s: %s\n", *finding.Code, *finding.At.Place, *finding.What)
	}
	call := mtls.MtlsReport_Of(app).Connection(jsii.String("shop/cart"), jsii.String("web"), jsii.Number(80), nil)
	fmt.Println(*(*call.Because)[0])
	app.Synth() // fails, with the same finding
}
