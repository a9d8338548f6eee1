<?xml version="1.0" encoding="utf-8" ?>
<ogr:FeatureCollection
     gml:id="aFeatureCollection"
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xsi:schemaLocation="http://ogr.maptools.org/ areas.xsd"
     xmlns:ogr="http://ogr.maptools.org/"
     xmlns:gml="http://www.opengis.net/gml/3.2">
  <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>12 -9</gml:lowerCorner><gml:upperCorner>14.0 -5.5</gml:upperCorner></gml:Envelope></gml:boundedBy>
                                                                                                                                                                      
  <ogr:featureMember>
    <ogr:areas gml:id="areas.0">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>13 -9</gml:lowerCorner><gml:upperCorner>14 -8</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326" gml:id="areas.geom.0"><gml:exterior><gml:LinearRing><gml:posList>13 -9 13 -8 14 -8 14 -9 13 -9</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList>13.3 -8.7 13.6 -8.7 13.6 -8.4 13.3 -8.4 13.3 -8.7</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></ogr:geometryProperty>
      <ogr:site_id>A1</ogr:site_id>
      <ogr:name>Boucle du Baoulé</ogr:name>
      <ogr:since>2001-05-17</ogr:since>
      <ogr:area>5974.70470969623</ogr:area>
      <ogr:count>12</ogr:count>
      <ogr:open>true</ogr:open>
    </ogr:areas>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:areas gml:id="areas.1">
      <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>12 -7</gml:lowerCorner><gml:upperCorner>12.5 -5.5</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <ogr:geometryProperty><gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::4326" gml:id="areas.geom.1"><gml:surfaceMember><gml:Polygon gml:id="areas.geom.1.0"><gml:exterior><gml:LinearRing><gml:posList>12 -7 12.0 -6.5 12.5 -6.5 12.5 -7 12 -7</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="areas.geom.1.1"><gml:exterior><gml:LinearRing><gml:posList>12 -6 12.0 -5.5 12.5 -5.5 12.5 -6 12 -6</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></ogr:geometryProperty>
      <ogr:site_id>A2</ogr:site_id>
      <ogr:name>Two parts</ogr:name>
      <ogr:since xsi:nil="true"/>
      <ogr:area>-1.5</ogr:area>
      <ogr:count xsi:nil="true"/>
      <ogr:open>false</ogr:open>
    </ogr:areas>
  </ogr:featureMember>
  <ogr:featureMember>
    <ogr:areas gml:id="areas.2">
      <ogr:site_id>A3</ogr:site_id>
      <ogr:name>No place</ogr:name>
      <ogr:since>1999-12-31</ogr:since>
      <ogr:area>0.25</ogr:area>
      <ogr:count>7</ogr:count>
      <ogr:open xsi:nil="true"/>
    </ogr:areas>
  </ogr:featureMember>
</ogr:FeatureCollection>
